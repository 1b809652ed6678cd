import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    makeServerError,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Stage extends models.Model {
    _name = "stage";
    name = fields.Char();
    _records = [
        { id: 1, name: "New" },
        { id: 2, name: "Qualified" },
    ];
}

class Customer extends models.Model {
    _name = "customer";
    name = fields.Char();
    phone = fields.Char();
    lifecycle_move_reason = fields.Char();
    stage_id = fields.Many2one({ relation: "stage" });
    _records = [
        { id: 1, name: "Acme", stage_id: 1 },
        { id: 9, name: "Zenith", stage_id: 2 },
    ];
}

defineMailModels();
defineModels([Stage, Customer]);

const KANBAN = `<kanban>
    <templates><t t-name="card"><field name="name"/></t></templates>
</kanban>`;
const FORM = `<form>
    <header>
        <button name="action_win" type="object" string="Win"/>
        <field name="stage_id" widget="statusbar" options="{'clickable': '1'}"/>
    </header>
    <sheet><field name="name"/></sheet>
</form>`;
const HARD = {
    model: "customer",
    ids: [1],
    stage_id: 2,
    stage: "Qualified",
    needs_reason: false,
    records: [{ id: 1, name: "Acme", reasons: ["Missing: Phone.", "Missing: Call."] }],
    warnings: [],
    forms: [{ model: "customer", id: 1, name: "Acme", fields: ["phone"] }],
};
const SOFT = {
    ...HARD,
    needs_reason: true,
    records: [{ id: 1, name: "Acme", reasons: ["Missing: Call."] }],
    forms: [],
};

function refuse(refusal) {
    return makeServerError({
        errorName: "odoo.addons.crm_lifecycle.exceptions.MoveRefused",
        message: "“Acme” cannot move.",
        context: { lifecycle_refusal: refusal },
    });
}

/** The server refuses a call as long as it has a refusal left. */
function refuseMoves(method, refusals, isMove = () => true) {
    onRpc("customer", method, ({ args }) => {
        expect.step(`${method} ${JSON.stringify(args.slice(1))}`);
        if (refusals.length && isMove(args)) {
            throw refuse(refusals.shift());
        }
    });
}

const hasStage = (args) => "stage_id" in args[1];

beforeEach(() => {
    onRpc("customer", "get_lifecycle_fill_view", ({ args }) => {
        expect.step(`form of ${args[0]}`);
        return {
            views: { form: { arch: `<form><group><field name="phone"/></group></form>` } },
            models: { customer: { fields: { phone: { type: "char", string: "Phone" } } } },
        };
    });
});

async function dragToQualified() {
    await mountView({ resModel: "customer", type: "kanban", arch: KANBAN, groupBy: ["stage_id"] });
    const { drop, moveTo } = await contains(".o_kanban_record").drag();
    await moveTo(".o_kanban_group:nth-child(2)");
    await drop();
    await animationFrame();
}

test("a drag that is refused is completed in place and goes on", async () => {
    refuseMoves("web_save", [HARD], hasStage);
    await dragToQualified();
    expect.verifySteps([`web_save [{"stage_id":2}]`, "form of phone"]);
    expect(".modal-title").toHaveText("Not yet to “Qualified”");
    expect(queryAllTexts(".o_lifecycle_refusal_record li")).toEqual([
        "Missing: Phone.",
        "Missing: Call.",
    ]);
    await contains(".o_lifecycle_refusal_form [name=phone] input").edit("123");
    await contains(".o_lifecycle_refusal_go").click();
    await animationFrame();
    expect.verifySteps([`web_save [{"phone":"123"}]`, `web_save [{"stage_id":2}]`]);
    expect(".modal").toHaveCount(0);
    expect(".o_kanban_group:nth-child(2) .o_kanban_record:contains(Acme)").toHaveCount(1);
});

test("who closes the dialog is back where he was, and is told no error", async () => {
    expect.errors(1); // the drag has failed, which nobody shows once more
    refuseMoves("web_save", [HARD], hasStage);
    await dragToQualified();
    await contains(".modal-footer button:contains(Cancel)").click();
    await animationFrame();
    expect.verifyErrors(["“Acme” cannot move."]);
    expect.verifySteps([`web_save [{"stage_id":2}]`, "form of phone"]);
    expect(".modal").toHaveCount(0);
    expect(".o_kanban_group:nth-child(1) .o_kanban_record:contains(Acme)").toHaveCount(1);
});

test("what is advised asks for a reason, which goes with all that was typed", async () => {
    refuseMoves("web_save", [SOFT]);
    await mountView({ resModel: "customer", type: "form", resId: 1, arch: FORM });
    await contains("[name=name] input").edit("Acme Ltd", { confirm: false });
    await contains(".o_statusbar_status button:contains(Qualified)").click();
    expect.verifySteps([`web_save [{"name":"Acme Ltd","stage_id":2}]`]);
    expect(".modal-title").toHaveText("Move to “Qualified”?");
    expect(".o_lifecycle_refusal_go").not.toBeEnabled();
    await contains(".o_lifecycle_refusal_reason textarea").edit("  ");
    expect(".o_lifecycle_refusal_go").not.toBeEnabled();
    await contains(".o_lifecycle_refusal_reason textarea").edit(" He calls us ");
    await contains(".o_lifecycle_refusal_go").click();
    await animationFrame();
    expect.verifySteps([
        `web_save [{"name":"Acme Ltd","stage_id":2,"lifecycle_move_reason":"He calls us"}]`,
    ]);
    expect(".o_arrow_button_current").toHaveText("Qualified");
    expect(".o_form_status_indicator_buttons.invisible").toHaveCount(1);
});

test("required and advised things are asked for together", async () => {
    const warnings = [{ id: 1, name: "Acme", reasons: ["Missing: Source."] }];
    refuseMoves("web_save", [{ ...HARD, warnings }], hasStage);
    await dragToQualified();
    expect(".o_lifecycle_refusal_reason").toHaveText(/Missing: Source./);
    await contains(".o_lifecycle_refusal_form [name=phone] input").edit("123");
    await contains(".o_lifecycle_refusal_reason textarea").edit("Old lead");
    await contains(".o_lifecycle_refusal_go").click();
    await animationFrame();
    expect.verifySteps([
        `web_save [{"stage_id":2}]`,
        "form of phone",
        `web_save [{"phone":"123"}]`,
        `web_save [{"stage_id":2,"lifecycle_move_reason":"Old lead"}]`,
    ]);
});

test("what is still missing is asked for again", async () => {
    refuseMoves("web_save", [HARD, { ...SOFT, needs_reason: false }], hasStage);
    await dragToQualified();
    await contains(".o_lifecycle_refusal_go").click();
    await animationFrame();
    expect.verifySteps([`web_save [{"stage_id":2}]`, "form of phone", `web_save [{"stage_id":2}]`]);
    expect(".o_lifecycle_refusal_record").toHaveText(/Missing: Call./);
    expect(".o_lifecycle_refusal_go").toHaveCount(0);
    expect(".modal-footer button:contains(Close)").toHaveCount(1);
});

test("a button moves with the reason, and is then pressed again", async () => {
    const refusals = [SOFT];
    onRpc("customer", "action_win", ({ args }) => {
        expect.step(`action_win ${JSON.stringify(args)}`);
        if (refusals.length) {
            throw refuse(refusals.pop());
        }
        return false;
    });
    onRpc("customer", "action_lifecycle_move", ({ args }) => {
        expect.step(`move ${JSON.stringify(args)}`);
        return {};
    });
    await mountView({ resModel: "customer", type: "form", resId: 1, arch: FORM });
    await contains("button[name=action_win]").click();
    await animationFrame();
    await contains(".o_lifecycle_refusal_reason textarea").edit("Signed by hand");
    await contains(".o_lifecycle_refusal_go").click();
    await animationFrame();
    expect.verifySteps([`action_win [[1]]`, `move [[1],2,"Signed by hand"]`, `action_win [[1]]`]);
});

test("of many records each has its fields, and the rest is counted", async () => {
    refuseMoves(
        "web_save",
        [
            {
                ...HARD,
                ids: [1, 2, 3],
                records: [HARD.records[0], { id: 2, name: "Bolt", reasons: ["Missing: Phone."] }],
                forms: [HARD.forms[0], { ...HARD.forms[0], id: 1, model: "stage", fields: [] }],
            },
        ],
        hasStage
    );
    onRpc("stage", "get_lifecycle_fill_view", () => ({
        views: { form: { arch: `<form><group/></form>` } },
        models: { stage: { fields: {} } },
    }));
    await dragToQualified();
    expect(queryAllTexts(".o_lifecycle_refusal_record strong")).toEqual(["Acme", "Bolt"]);
    expect(".modal-body").toHaveText(/… and 1 more./);
    expect(".o_lifecycle_refusal_form").toHaveCount(2);
    expect(".o_lifecycle_refusal_ask").toHaveCount(0);
    expect.verifySteps([`web_save [{"stage_id":2}]`, "form of phone"]);
});

test("an exception is asked for to the very stage", async () => {
    expect.errors(1);
    refuseMoves("web_save", [HARD], hasStage);
    onRpc("customer", "action_request_lifecycle_exception", ({ args }) => {
        expect.step(`ask ${args[0]}`);
        return { type: "ir.actions.act_window", res_model: "wizard" };
    });
    mockService("action", {
        doAction(action, { additionalContext }) {
            expect.step(`${action.res_model} to ${additionalContext.default_stage_id}`);
        },
    });
    await dragToQualified();
    await contains(".o_lifecycle_refusal_ask").click();
    await animationFrame();
    expect.verifySteps([`web_save [{"stage_id":2}]`, "form of phone", "ask 1", "wizard to 2"]);
    expect.verifyErrors(["“Acme” cannot move."]);
    expect(".modal").toHaveCount(0);
});

test("a refusal without details is told as a warning", async () => {
    expect.errors(1);
    onRpc("customer", "web_save", () => {
        throw refuse({});
    });
    await dragToQualified();
    expect(".o_lifecycle_refusal").toHaveCount(0);
    expect(".modal .modal-body").toHaveText("“Acme” cannot move.");
    expect.verifyErrors(["“Acme” cannot move."]);
});

test("other errors of the server are shown as ever", async () => {
    expect.errors(1);
    onRpc("customer", "web_save", () => {
        throw makeServerError({ message: "No right" });
    });
    await dragToQualified();
    expect(".modal .o_error_dialog, .o_error_dialog").toHaveCount(1);
    expect.verifyErrors(["No right"]);
});
