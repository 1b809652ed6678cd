import { expect, test } from "@odoo/hoot";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";

import { tracePath } from "@crm_lifecycle/widgets/lifecycle_path_map/path_model";
import { PathMapDialog } from "@crm_lifecycle/widgets/lifecycle_path_map/path_map_dialog";

import { makeChart } from "./lifecycle_map_fixture";

defineMailModels();

const STEP = {
    id: 1,
    stage: "New",
    key: "new",
    source: false,
    drawn: false,
    phase: "lead",
    outcome: "open",
    entered: "2026-01-01 10:00:00",
    left: "2026-01-11 10:00:00",
    days: 10,
    user: "Anna",
    status: "done",
    origin: "manual",
    marks: [],
};

function makePath() {
    const { process, nodes, edges } = makeChart();
    const steps = [
        STEP,
        { ...STEP, id: 2, key: "offer", source: "new", drawn: true, days: 5 },
        {
            ...STEP,
            id: 3,
            source: "offer",
            left: false,
            status: "late",
            days: 2,
            marks: [{ label: "Exception: Emergency", icon: "bolt", style: "danger", title: "" }],
        },
    ];
    return { process, nodes, edges: edges.filter((edge) => edge.drawn), steps };
}

async function openDialog() {
    await mountWithCleanup(MainComponentsContainer);
    const title = "The path of Acme";
    getService("dialog").add(PathMapDialog, { resModel: "crm.lead", resId: 1, title });
    await animationFrame();
    await animationFrame();
}

test("a path says where a record was, in which order, and what is ahead", () => {
    const chart = tracePath(makePath());
    const [first, offer, lost] = chart.nodes.map((node) => node.path);
    expect(first.numbers).toEqual([1, 3]);
    expect(first.days).toBe(12);
    expect(first.status).toBe("late");
    expect(offer.status).toBe("done");
    expect(lost.status).toBe("ahead");
    const taken = chart.edges.filter((edge) => edge.count);
    expect(taken.map(({ source, target, drawn }) => [source, target, drawn])).toEqual([
        ["new", "offer", true],
        ["offer", "new", false],
    ]);
});

test("the dialog draws it and tells who, when and why of each stay", async () => {
    mockDate("2026-02-01 12:00:00");
    onRpc("crm.lead", "get_lifecycle_path_map", () => makePath());
    await openDialog();
    expect(".o_lifecycle_path_node[data-key=new]").toHaveClass("o_path_late");
    expect(".o_lifecycle_path_node[data-key=new] .o_path_number text").toHaveText("1 · 3");
    expect(".o_lifecycle_path_node[data-key=new] .o_path_mark").toHaveCount(1);
    expect(".o_lifecycle_map_edge.o_taken").toHaveCount(2);
    expect(".o_lifecycle_map_edge.o_off_chart").toHaveAttribute("data-edge", "offer>new");
    expect(".o_lifecycle_path_step").toHaveCount(2);
    await contains(".o_lifecycle_path_node[data-key=offer] .o_title").click();
    expect(".o_lifecycle_path_step").toHaveCount(1);
    await contains(".o_lifecycle_path_node[data-key=lost] .o_title").click();
    expect(".modal-body").toHaveText(/It has not been here/);
});

test("a record without a stay has no map", async () => {
    onRpc("crm.lead", "get_lifecycle_path_map", () => ({}));
    await openDialog();
    expect(".modal-body").toHaveText(/not been in any stage yet/);
});
