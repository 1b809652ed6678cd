import { beforeEach, expect, test } from "@odoo/hoot";
import { press, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

import { CONTEXT, makeChart, makeEdge, makeNode } from "./lifecycle_map_fixture";

class Process extends models.Model {
    _name = "crm.lifecycle.process";
}

class Policy extends models.Model {
    _name = "crm.sla.policy";
    name = fields.Char();
    _records = [{ id: 1, name: "5 working days" }];
}

defineMailModels();
defineModels([Process, Policy]);

const FINDING = {
    kind: "dead_end",
    level: "defect",
    stage: "offer",
    target: false,
    text: "“Offer” is a dead end.",
};
const MARK = { name: "clear", label: "Clear", share: 0.8, text: "Most say what they are for." };
let chart;
let edits;

/** A draft that does what it is told, with the number of the edit as snapshot. */
function apply(changes) {
    for (const change of changes) {
        if (change.do === "add_stage") {
            chart.nodes = [...chart.nodes, makeNode("added", { name: change.name, rank: 9 })];
        } else if (change.do === "remove_stage") {
            chart.nodes = chart.nodes.filter(({ key }) => key !== change.stage);
        } else if (change.do === "add_move") {
            const others = chart.edges.filter(
                ({ source, target }) => source !== change.source || target !== change.target
            );
            chart.edges = [...others, makeEdge(change.source, change.target)];
        } else if (change.do === "restore") {
            chart = makeDraft();
        }
    }
}

function makeDraft() {
    const draft = makeChart({ bottleneck: null });
    return {
        ...draft,
        process: { ...draft.process, id: 5, state: "draft", is_draft: true },
    };
}

beforeEach(() => {
    chart = makeChart();
    edits = 0;
    const process = "crm.lifecycle.process";
    const answer = () => ({ snapshot: { version: edits }, findings: [FINDING], marks: [MARK] });
    onRpc(process, "get_lifecycle_map_context", () => ({
        ...CONTEXT,
        processes: [
            ...CONTEXT.processes,
            { id: 5, name: "Customer Lifecycle (draft)", state: "draft", is_template: false },
        ],
    }));
    onRpc(process, "get_lifecycle_map", () => chart);
    onRpc(process, "action_new_draft", () => {
        chart = makeDraft();
        return { res_id: 5 };
    });
    onRpc(process, "get_lifecycle_draft", answer);
    onRpc(process, "edit_lifecycle_map", ({ args }) => {
        expect.step(JSON.stringify(args[1]));
        apply(args[1]);
        edits++;
        return { ...answer(), map: { ...chart } };
    });
});

async function startEditing() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "crm_lifecycle.map" });
    await contains("[data-command=edit]").click();
    await animationFrame();
}

const node = (key) => `.o_lifecycle_map_node[data-key=${key}]`;

test("editing happens in the draft, with what the checker says of it", async () => {
    await startEditing();
    expect(".o_lifecycle_map_editing").toHaveCount(1);
    expect(".o_lifecycle_map_process .badge").toHaveText("Draft");
    expect(".o_lifecycle_map_finding").toHaveText("“Offer” is a dead end.");
    expect(".o_lifecycle_map_mark .o_figure").toHaveText("80 %");
    await contains(".o_lifecycle_map_finding").click();
    expect(node("offer")).toHaveClass("o_selected");
    expect("#o_lifecycle_map_name").toHaveValue("Offer");
});

test("a stage is added after the selected one, renamed, coloured and deleted", async () => {
    await startEditing();
    await contains(`${node("offer")} .o_title`).click();
    await contains("[data-command=add]").click();
    await animationFrame();
    expect.verifySteps([
        '[{"do":"add_stage","name":"New Stage","phase":"lead","department":"Sales","after":"offer"}]',
        '[{"do":"add_move","source":"offer","target":"added"}]',
    ]);
    expect(node("added")).toHaveClass("o_selected");
    await contains("#o_lifecycle_map_name").edit("Contract");
    expect.verifySteps(['[{"do":"write_stage","stage":"added","values":{"name":"Contract"}}]']);
    await contains(".o_lifecycle_map_swatches button:eq(4)").click();
    expect.verifySteps(['[{"do":"write_stage","stage":"added","values":{"color":4}}]']);
    await contains("#o_lifecycle_map_outcome").select("won");
    expect.verifySteps(['[{"do":"write_stage","stage":"added","values":{"outcome":"won"}}]']);
    queryOne(node("added")).focus();
    await press("Delete");
    await animationFrame();
    expect.verifySteps(['[{"do":"remove_stage","stage":"added"}]']);
    expect(node("added")).toHaveCount(0);
});

test("what was done is undone and done again, by button and by keys", async () => {
    await startEditing();
    expect("[data-command=undo]").not.toBeEnabled();
    await contains(`${node("offer")} .o_title`).click();
    await contains(".o_lifecycle_map_delete").click();
    await animationFrame();
    expect(node("offer")).toHaveCount(0);
    await contains("[data-command=undo]").click();
    await animationFrame();
    expect(node("offer")).toHaveCount(1);
    await contains("[data-command=redo]").click();
    queryOne(node("new")).focus();
    await press(["ctrl", "z"]);
    await animationFrame();
    expect.verifySteps([
        '[{"do":"remove_stage","stage":"offer"}]',
        '[{"do":"restore","snapshot":{"version":0}}]',
        '[{"do":"restore","snapshot":{"version":1}}]',
        '[{"do":"restore","snapshot":{"version":2}}]',
    ]);
});

test("keys of a stage's name are not taken for commands", async () => {
    await startEditing();
    await contains(`${node("offer")} .o_title`).click();
    await contains("#o_lifecycle_map_name").click();
    await press("Delete");
    await press("n");
    await animationFrame();
    expect.verifySteps([]);
});

test("moves are drawn without a mouse, and deleted", async () => {
    await startEditing();
    await contains(`${node("offer")} .o_title`).click();
    await contains(".o_lifecycle_map_connect").click();
    expect(".o-dropdown-item:contains(Lost)").toHaveCount(1);
    await contains(".o-dropdown-item:contains(Lost)").click();
    await animationFrame();
    expect.verifySteps(['[{"do":"add_move","source":"offer","target":"lost"}]']);
    expect("[data-edge='offer>lost']").toHaveClass("o_selected");
    await contains(".o_lifecycle_map_delete").click();
    expect.verifySteps(['[{"do":"remove_move","source":"offer","target":"lost"}]']);
});

test("a move that happens off the chart is drawn by one click", async () => {
    await startEditing();
    await contains("[data-edge='offer>new'] .o_pill").click();
    await contains(".o_lifecycle_map_draw").click();
    expect.verifySteps(['[{"do":"add_move","source":"offer","target":"new"}]']);
});

function pointer(target, type, [x, y]) {
    target.dispatchEvent(
        new PointerEvent(type, {
            bubbles: true,
            cancelable: true,
            pointerId: 1,
            pointerType: "mouse",
            button: 0,
            buttons: type === "pointerup" ? 0 : 1,
            clientX: x,
            clientY: y,
        })
    );
}

test("a stage that is dragged is put there, in the lane it was dropped into", async () => {
    await startEditing();
    const canvas = queryOne(".o_lifecycle_map_canvas");
    canvas.setPointerCapture = () => {};
    const title = queryOne(`${node("new")} .o_title`);
    const box = title.getBoundingClientRect();
    const target = queryOne(`${node("offer")} .o_card`).getBoundingClientRect();
    const start = [box.x + 5, box.y + 5];
    pointer(title, "pointerdown", start);
    pointer(canvas, "pointermove", [start[0], start[1] + 30]);
    expect(".o_lifecycle_map_slot").toHaveCount(1);
    const offset = [box.x + 5 - queryOne(`${node("new")} .o_card`).getBoundingClientRect().x, 15];
    const end = [target.x + offset[0], target.y + offset[1] + 10];
    pointer(canvas, "pointermove", end);
    pointer(canvas, "pointerup", end);
    await animationFrame();
    expect(".o_lifecycle_map_slot").toHaveCount(0);
    expect.verifySteps([
        '[{"do":"write_stage","stage":"new","values":{"position":{"x":1,"y":0},"department":"Sales"}}]',
    ]);
});

test("a plain click neither moves nor pans", async () => {
    await startEditing();
    const before = queryOne(".o_lifecycle_map_viewport").getAttribute("transform");
    await contains(`${node("new")} .o_title`).click();
    expect(queryOne(".o_lifecycle_map_viewport").getAttribute("transform")).toBe(before);
    expect.verifySteps([]);
});

test("changes against what runs are shown on the map and in words", async () => {
    onRpc("crm.lifecycle.process", "get_lifecycle_difference", () => ({
        words: [
            ["added", "Stage: Offer"],
            ["removed", "Stage: Old"],
        ],
        stages: { offer: "added", old: "removed" },
        moves: { "new>offer": "added" },
        former: { nodes: [makeNode("old", { name: "Old", rank: 8 })], edges: [] },
    }));
    await startEditing();
    await contains("[data-command=difference]").click();
    await animationFrame();
    expect(".o_lifecycle_map_change").toHaveCount(2);
    expect(node("old")).toHaveClass("o_mark_removed");
    expect(`${node("offer")} .o_mark_badge text`).toHaveText("+");
    expect("[data-edge='new>offer']").toHaveClass("o_mark_added");
    await contains("[data-command=difference]").click();
    await animationFrame();
    expect(node("old")).toHaveCount(0);
});

test("who may not edit gets no button for it", async () => {
    chart.process.can_edit = false;
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "crm_lifecycle.map" });
    expect("[data-command=today]").toHaveCount(1);
    expect("[data-command=edit]").toHaveCount(0);
});
