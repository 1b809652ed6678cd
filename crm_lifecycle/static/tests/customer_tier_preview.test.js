import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Tier extends models.Model {
    _name = "tier";
    name = fields.Char();
    grace_days = fields.Integer();
    _records = [{ id: 1, name: "VIP", grace_days: 10 }];
}

defineMailModels();
defineModels([Tier]);

const ARCH = `
    <form>
        <widget name="customer_tier_preview"/>
        <field name="name"/>
        <field name="grace_days"/>
    </form>`;
const PREVIEW = {
    tiers: [
        { name: "★ VIP", now: 4, then: 1 },
        { name: "Standard", now: 6, then: 9 },
    ],
    moves: [
        {
            from: "★ VIP",
            to: "Standard",
            count: 3,
            grace_days: 30,
            names: ["Acme", "Bakery"],
            ids: [7, 8, 9],
        },
    ],
};

function mountTier(preview) {
    onRpc("tier", "get_preview", ({ args }) => {
        expect.step(args);
        return preview;
    });
    return mountView({ resModel: "tier", type: "form", resId: 1, arch: ARCH });
}

test("what is not saved yet is previewed, and is not saved by it", async () => {
    onRpc("web_save", () => expect.step("saved"));
    await mountTier(PREVIEW);
    await contains("[name='grace_days'] input").edit("20");
    await contains(".o_customer_tier_preview").click();
    expect.verifySteps([[[1], { grace_days: 20 }]]);
    expect(".o_customer_tier_summary tbody tr:eq(0)").toHaveText(/VIP\s+4\s+1\s+-3/);
    expect(".o_customer_tier_summary tbody tr:eq(1)").toHaveText(/Standard\s+6\s+9\s+\+3/);
    expect(".o_customer_tier_move").toHaveText(/after 30 days of grace/);
    expect(".o_customer_tier_move").toHaveText(/Acme, Bakery and 1 more/);
});

test("a list of those who would move opens beside the form", async () => {
    mockService("action", {
        doAction(action, options) {
            expect.step([action.domain, options.newWindow]);
        },
    });
    await mountTier(PREVIEW);
    await contains(".o_customer_tier_preview").click();
    await contains(".o_customer_tier_move button").click();
    expect.verifySteps([
        [[1], {}],
        [[["id", "in", [7, 8, 9]]], true],
    ]);
});

test("it says when nobody would move", async () => {
    await mountTier({ ...PREVIEW, moves: [] });
    await contains(".o_customer_tier_preview").click();
    expect(".modal .alert-success").toHaveText("Nobody would move.");
    await contains(".modal-footer button").click();
    expect(".modal").toHaveCount(0);
    expect.verifySteps([[[1], {}]]);
});
