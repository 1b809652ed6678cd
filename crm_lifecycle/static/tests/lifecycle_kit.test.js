import { beforeEach, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    makeServerError,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Customer extends models.Model {
    _name = "customer";
    name = fields.Char();
    phone = fields.Char();
    lifecycle_stage_id = fields.Many2one({ relation: "customer" });
    _records = [{ id: 1, name: "Acme" }];
}

defineMailModels();
defineModels([Customer]);

const STAGE = {
    id: 5,
    name: "Qualified",
    goal: "He knows our price",
    guidance: "<p>Call <b>today</b></p>",
    link_url: false,
    video_url: "https://video.example.com/1",
    qr_url: "/report/barcode/?barcode_type=QR&value=x",
    outcome: "open",
};
const FREE = {
    id: 1,
    stage_id: 6,
    name: "Proposition",
    label: "Send offer",
    outcome: "open",
    blockers: [],
    warnings: [],
};
const BLOCKED = {
    ...FREE,
    id: 2,
    stage_id: 7,
    label: "Sign",
    blockers: ["No phone.", "No offer."],
};
const KIT = {
    stage: STAGE,
    record: { model: "customer", id: 1, name: "Acme" },
    since: false,
    department: "Sales",
    moves: [FREE, BLOCKED],
    automatic: [],
};
const ARCH = `<form>
    <field name="name"/><field name="phone"/>
    <widget name="lifecycle_kit"/>
</form>`;

let kit;

beforeEach(() => {
    kit = KIT;
    onRpc("customer", "get_lifecycle_kit", () => kit);
});

async function mountKit(values) {
    kit = { ...KIT, ...values };
    await mountView({ resModel: "customer", type: "form", resId: 1, arch: ARCH });
    await animationFrame();
}

test("it says where the record stands, what for, and how it is done", async () => {
    await mountKit();
    expect(".o_lifecycle_kit_stage").toHaveText("Qualified");
    expect(".o_lifecycle_kit_goal").toHaveText(/He knows our price/);
    expect(".o_lifecycle_kit_guidance b").toHaveText("today");
    expect(".o_lifecycle_kit_guide a").toHaveAttribute("target", "_blank");
    expect(".o_lifecycle_kit_guide a").toHaveAttribute("rel", "noopener noreferrer");
    expect("iframe").toHaveCount(0);
    expect(".o_lifecycle_kit_code").toHaveCount(0);
});

test("outside of a process it says so", async () => {
    await mountKit();
    kit = {};
    await contains(".o_field_widget[name=phone] input").edit("1");
    await contains(".o_form_button_save").click();
    await animationFrame();
    expect(".o_lifecycle_kit").toHaveText("This record is in no process.");
});

test("a blocked step says its reasons before the click and can be clicked", async () => {
    onRpc("customer", "action_lifecycle_move", ({ args }) => {
        expect.step(`move ${args[0]} ${args[1]}`);
        throw makeServerError({ message: "No phone. No offer." });
    });
    expect.errors(1);
    await mountKit();
    expect(".o_lifecycle_kit_move:eq(0)").toHaveClass("btn-primary");
    expect(".o_lifecycle_kit_move:eq(1)").not.toHaveClass("btn-primary");
    expect(".o_lifecycle_kit_move:eq(1)").toHaveAttribute("title", "No phone.\nNo offer.");
    expect(".o_lifecycle_kit_blockers").toHaveText(/No phone. No offer./);
    await contains(".o_lifecycle_kit_move:eq(1)").click();
    await animationFrame();
    expect.verifySteps(["move 1 7"]);
    expect.verifyErrors(["No phone. No offer."]);
    expect(".o_lifecycle_kit_move:eq(1)").toBeEnabled();
});

test("a step saves what was typed, moves, and shows the new stage", async () => {
    onRpc("customer", "web_save", ({ args }) => expect.step(`save ${args[1].phone}`));
    onRpc("customer", "action_lifecycle_move", ({ args }) => {
        expect.step(`move ${args[0]} ${args[1]}`);
        kit = { ...KIT, stage: { ...STAGE, id: 6, name: "Proposition" } };
        return {};
    });
    await mountKit();
    await contains(".o_field_widget[name=phone] input").edit("123", { confirm: false });
    await contains(".o_lifecycle_kit_move:eq(0)").click();
    await animationFrame();
    expect.verifySteps(["save 123", "move 1 6"]);
    expect(".o_lifecycle_kit_stage").toHaveText("Proposition");
});

test("the checklist tells done from missing by sign and word, and leads to the field", async () => {
    const asked = { id: 1, label: "Phone known", is_hard: true, missing: [], fields: ["phone"] };
    await mountKit({
        requirements: [
            { ...asked, is_met: true },
            { ...asked, id: 2, is_met: false, missing: ["Phone"] },
            { ...asked, id: 3, is_met: false, is_hard: false },
        ],
    });
    expect(".o_lifecycle_kit_requirement:eq(0) i").toHaveAttribute("aria-label", "Done");
    expect(".o_lifecycle_kit_requirement:eq(1) i").toHaveAttribute("aria-label", "Missing");
    expect(".o_lifecycle_kit_requirement:eq(1)").toHaveText(/Phone/);
    expect(".o_lifecycle_kit_requirement:eq(2) .badge").toHaveText("advised");
    await contains(".o_lifecycle_kit_requirement:eq(1) button").click();
    expect(".o_field_widget[name=phone] input").toBeFocused();
});

test("people to ask and the time that is left are shown when there are any", async () => {
    await mountKit({
        timer: { style: "danger", icon: "clock-o", label: "2 h late", explanation: "since 9:00" },
        roles: [
            { kind: "responsible", label: "Responsible", users: [{ id: 2, name: "Marc" }] },
            { kind: "consulted", label: "Consulted", users: [] },
        ],
    });
    expect(".o_lifecycle_kit_timer.text-bg-danger").toHaveText("2 h late");
    expect(".o_lifecycle_kit_people").toHaveText(/Responsible/);
    expect(".o_lifecycle_kit_people").not.toHaveText(/Consulted/);
});

test("where the way is blocked an exception can be asked for", async () => {
    onRpc("customer", "action_request_lifecycle_exception", ({ args }) => {
        expect.step(`ask ${args[0]}`);
        return false;
    });
    await mountKit({ exceptions: { can_request: true, open: false } });
    await contains(".o_lifecycle_kit_ask").click();
    expect.verifySteps(["ask 1"]);
    kit = { ...kit, exceptions: { can_request: false, open: { stage: "Won", reason: "Fair" } } };
    await contains(".o_field_widget[name=phone] input").edit("1");
    await contains(".o_form_button_save").click();
    await animationFrame();
    expect(".o_lifecycle_kit_ask").toHaveCount(0);
    expect(".o_lifecycle_kit_exception").toHaveText(/“Won” waits for approval: Fair/);
});

test("a hand-over is accepted or returned where it stands", async () => {
    onRpc("crm.lifecycle.handover", "action_accept", ({ args }) => {
        expect.step(`accept ${args[0]}`);
        kit = { ...kit, handover: { ...kit.handover, can_decide: false, style: "success" } };
        return {};
    });
    await mountKit({
        handover: {
            id: 9,
            state: "waiting",
            style: "info",
            label: "Ann hands it over to Bob.",
            receivers: [{ id: 2, name: "Bob" }],
            can_decide: true,
            can_request: false,
        },
    });
    expect(".o_lifecycle_kit_handover.alert-info").toHaveText(/Ann hands it over/);
    expect(".o_lifecycle_kit_handover button").toHaveCount(2);
    await contains(".o_lifecycle_kit_handover .btn-primary").click();
    await animationFrame();
    expect.verifySteps(["accept 9"]);
    expect(".o_lifecycle_kit_handover.alert-success button").toHaveCount(0);
});

test("an opinion is sent as text", async () => {
    onRpc("customer", "action_lifecycle_comment", ({ args }) => {
        expect.step(args[1]);
        return true;
    });
    await mountKit();
    await contains(".o_lifecycle_kit_comment summary").click();
    expect(".o_lifecycle_kit_comment button").not.toBeEnabled();
    await contains(".o_lifecycle_kit_comment textarea").edit("<b>Shorter</b>");
    await contains(".o_lifecycle_kit_comment button").click();
    expect.verifySteps(["<b>Shorter</b>"]);
    expect(".o_lifecycle_kit_comment textarea").toHaveValue("");
});

test("folding is remembered", async () => {
    await mountKit();
    await contains(".o_lifecycle_kit_toggle").click();
    expect(".o_lifecycle_kit_move").toHaveCount(0);
    expect(".o_lifecycle_kit_toggle").toHaveAttribute("aria-expanded", "false");
    expect(localStorage.getItem("crm_lifecycle.kit_folded")).toBe("1");
});
