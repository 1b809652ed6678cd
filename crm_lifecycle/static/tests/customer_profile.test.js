import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
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

class Customer extends models.Model {
    _name = "customer";
    name = fields.Char();
    _records = [{ id: 1, name: "Acme" }];
}

defineMailModels();
defineModels([Customer]);

const MONTHS = Array.from({ length: 24 }, (_, number) => ({
    date: `${2024 + Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}-01`,
    amount: number,
    count: 1,
}));
const PROFILE = {
    head: {
        name: "Acme",
        stage: "Active",
        stage_color: 4,
        stage_since: "01/02/2026",
        owner: false,
        tags: [],
        industry: "Food",
        place: "Brussels, Belgium",
        tier: {
            name: "★ VIP",
            color: 3,
            since: "01/03/2026",
            why: ["Revenue: 20,000 (at least 10,000)"],
            ends: "04/01/2026",
            locked: false,
        },
    },
    facts: [
        { key: "revenue_12m", label: "Revenue", value: "20,000", trend: -0.25 },
        { key: "silence", label: "Last purchase", value: "Never", alarm: true },
    ],
    currency_id: 1,
    months: MONTHS,
    sections: [
        {
            key: "orders",
            title: "Orders",
            icon: "fa-shopping-cart",
            sequence: 10,
            model: "sale.order",
            domain: [["partner_id", "=", 1]],
            count: 12,
            rows: [{ res_model: "sale.order", res_id: 5, name: "S00005", value: "100" }],
        },
        {
            key: "hints",
            title: "Could Also Buy",
            icon: "fa-lightbulb-o",
            sequence: 20,
            model: "hint",
            domain: [],
            count: 1,
            button: { label: "Create Opportunity", method: "make" },
            rows: [{ res_model: "hint", res_id: 3, name: "Yeast" }],
        },
        {
            key: "invoices",
            title: "Invoices",
            icon: "fa-money",
            sequence: 30,
            model: "account.move",
            domain: [],
            count: 0,
            rows: [],
        },
    ],
};

async function mountProfile(profile = PROFILE) {
    onRpc("customer", "get_lifecycle_profile", () => profile);
    mockService("action", {
        doAction(action) {
            expect.step(action);
        },
    });
    await mountView({
        resModel: "customer",
        type: "form",
        resId: 1,
        arch: `<form><widget name="customer_profile"/></form>`,
    });
    await animationFrame();
}

test("tier, why, and when it ends", async () => {
    await mountProfile();
    const tier = "[data-section='tier']";
    expect(`${tier} .badge:contains(VIP)`).toHaveClass("o_badge_color_3");
    expect(`${tier} li`).toHaveText("Revenue: 20,000 (at least 10,000)");
    expect(`${tier} .text-danger:contains(04/01/2026)`).toHaveCount(1);
    expect(`${tier} dd.text-danger`).toHaveText("Nobody");
});

test("figures have a trend and an alarm", async () => {
    await mountProfile();
    expect("[data-fact='revenue_12m'] .text-danger").toHaveText("-25 %");
    expect("[data-fact='silence'] .fw-bold").toHaveClass("text-danger");
    expect("[data-fact='silence'] .fa-arrow-up").toHaveCount(0);
});

test("the chart says in words what it shows", async () => {
    await mountProfile();
    expect(".o_customer_profile_chart canvas").toHaveCount(1);
    expect(".o_customer_profile_chart").toHaveAttribute("aria-label", /210.*66/);
});

test("who has bought nothing has no empty chart", async () => {
    const months = MONTHS.map((month) => ({ ...month, amount: 0, count: 0 }));
    await mountProfile({ ...PROFILE, months });
    expect("[data-section='purchases']").toHaveText(/Nothing was bought/);
    expect(".o_customer_profile_chart").toHaveClass("d-none");
});

test("rows open their record, lists open all", async () => {
    await mountProfile();
    await contains("[data-section='orders'] .o_customer_profile_row button").click();
    await contains("[data-section='orders'] h2 button:contains(All 12)").click();
    expect.verifySteps([
        {
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: 5,
            views: [[false, "form"]],
        },
        {
            type: "ir.actions.act_window",
            name: "Orders",
            res_model: "sale.order",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [["partner_id", "=", 1]],
        },
    ]);
    expect("[data-section='invoices']").toHaveText(/None/);
});

test("the button of a row does what its section says", async () => {
    onRpc("hint", "make", ({ args }) => {
        expect.step(args);
        return { type: "next" };
    });
    await mountProfile();
    await contains("[data-section='hints'] .btn-outline-primary").click();
    expect.verifySteps([[[3]], { type: "next" }]);
});
