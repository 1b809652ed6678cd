import { expect, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";
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

const STEP = {
    id: 1,
    stage: "New Customer",
    outcome: "open",
    color: 4,
    entered: "2026-01-01 10:00:00",
    left: "2026-01-11 10:00:00",
    days: 10,
    user: false,
    user_id: false,
    origin: "history",
    reason: false,
    status: "done",
    marks: [],
};
const ARCH = `<form><field name="name"/><widget name="lifecycle_path"/></form>`;

function mountPath(steps, links = []) {
    onRpc("customer", "get_lifecycle_journey", () => links);
    onRpc("customer", "get_lifecycle_path", () => steps);
    return mountView({ resModel: "customer", type: "form", resId: 1, arch: ARCH });
}

test("stays are shown newest on top with duration, mover and reason", async () => {
    mockDate("2026-02-01 12:00:00");
    const now = {
        ...STEP,
        id: 2,
        stage: "Active",
        entered: "2026-01-11 10:00:00",
        left: false,
        status: "now",
        days: 21.1,
        user: "Marc",
        user_id: 2,
        origin: "manual",
        reason: "Second order",
    };
    await mountPath([STEP, now]);
    expect(".o_lifecycle_path_step").toHaveCount(2);
    expect(".o_lifecycle_path_step:first strong").toHaveText("Active");
    expect(".o_lifecycle_path_step:first .badge").toHaveText("Now");
    expect(".o_lifecycle_path_step:first").toHaveText(/21 days/);
    expect(".o_lifecycle_path_step:first").toHaveText(/Marc/);
    expect(".o_lifecycle_path_step:first").toHaveText(/Second order/);
    expect(".o_lifecycle_path_step:last").toHaveText(/from earlier history/);
    expect(".o_lifecycle_path_open").toHaveCount(1);
});

test("what is special about a stay is marked, a lost one has its sign", async () => {
    const marks = [{ label: "Off the chart", icon: "random", style: "warning", title: "Why" }];
    await mountPath([{ ...STEP, marks, outcome: "lost", days: 0.01 }]);
    expect(".o_lifecycle_path_mark.text-bg-warning").toHaveText("Off the chart");
    expect(".o_lifecycle_path_mark").toHaveAttribute("title", "Why");
    expect(".o_lifecycle_path_dot .fa-times").toHaveCount(1);
    expect(".o_lifecycle_path_step").toHaveText(/less than an hour/);
});

test("a stay is green when done, yellow now, red when late, and says so", async () => {
    const late = { ...STEP, id: 2, left: false, status: "late" };
    const now = { ...STEP, id: 3, left: false, status: "now" };
    await mountPath([STEP, late, now]);
    expect(".o_lifecycle_path_dot.text-bg-warning .fa-play").toHaveCount(1);
    expect(".o_lifecycle_path_dot.text-bg-danger .fa-exclamation").toHaveCount(1);
    expect(".o_lifecycle_path_dot.text-bg-success .fa-check").toHaveCount(1);
    expect(".badge.text-bg-danger").toHaveText("Late");
});

test("an exception and the stages it skipped are marked in text and icon", async () => {
    const marks = [
        { label: "Exception: Emergency", icon: "bolt", style: "danger", title: "Rejected" },
        { label: "Skipped: Offer, Contract", icon: "fast-forward", style: "secondary", title: "" },
    ];
    await mountPath([{ ...STEP, marks }]);
    expect(".o_lifecycle_path_mark").toHaveCount(2);
    expect(".o_lifecycle_path_mark.text-bg-danger .fa-bolt").toHaveCount(1);
    expect(".o_lifecycle_path_mark:has(.fa-fast-forward)").toHaveText("Skipped: Offer, Contract");
});

test("the journey leads to the lead it came from and to its orders", async () => {
    mockService("action", {
        doAction({ res_model, res_id }) {
            expect.step(`${res_model} ${res_id}`);
        },
    });
    const date = "2026-01-01 10:00:00";
    await mountPath(
        [STEP],
        [{ model: "crm.lead", id: 7, name: "Fair", label: "Lead", icon: "star", date }]
    );
    expect(".o_lifecycle_journey button").toHaveText("Fair");
    expect(".o_lifecycle_journey button").toHaveAttribute("title", /^Lead · /);
    await contains(".o_lifecycle_journey button").click();
    expect.verifySteps(["crm.lead 7"]);
});

test("without a stay the path says so", async () => {
    await mountPath([]);
    expect(".o_lifecycle_path").toHaveCount(0);
    expect("p.text-muted").toHaveText(/No stay yet/);
});
