import { beforeEach, expect, test } from "@odoo/hoot";
import { press, queryAll, queryOne } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    getService,
    mockService,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { cookie } from "@web/core/browser/cookie";
import { WebClient } from "@web/webclient/webclient";

import { LifecycleMap } from "@crm_lifecycle/actions/lifecycle_map/lifecycle_map";

import { CONTEXT, makeChart, makeEdge, makeNode, TREND } from "./lifecycle_map_fixture";

class Process extends models.Model {
    _name = "crm.lifecycle.process";
}

class Team extends models.Model {
    _name = "crm.team";
}

defineMailModels();
defineModels([Process, Team]);

let chart;

beforeEach(() => {
    chart = makeChart();
    const process = "crm.lifecycle.process";
    onRpc(process, "get_lifecycle_map_context", () => CONTEXT);
    onRpc(process, "get_lifecycle_map", ({ args }) => {
        expect.step(`map ${args[0]} ${JSON.stringify(args[1])}`);
        return chart;
    });
    onRpc(process, "get_lifecycle_trend", () => TREND);
    onRpc(process, "get_lifecycle_map_records", () => [
        {
            id: 1,
            model: "crm.lead",
            res_id: 7,
            name: "Beans for four shops",
            state: "late",
            since: "2026-03-01 00:00:00",
            left: false,
            owner: { id: 2, name: "Anna" },
        },
    ]);
    onRpc(process, "open_lifecycle_map_records", ({ args }) => {
        expect.step(`open ${JSON.stringify(args[2])}`);
        return { type: "ir.actions.act_window_close" };
    });
});

async function mountMap() {
    await mountWithCleanup(WebClient);
    const action = { type: "ir.actions.client", tag: "crm_lifecycle.map" };
    await getService("action").doAction(action);
    const options = { days: 90, as_of: false, filters: {} };
    expect.verifySteps([`map 1 ${JSON.stringify(options)}`]);
}

const node = (key) => `.o_lifecycle_map_node[data-key=${key}]`;

test("stages show who stands there, in what state, for how long, and what it is worth", async () => {
    await mountMap();
    expect(".o_lifecycle_map_node").toHaveCount(3);
    expect(`${node("new")} .o_title`).toHaveText("New");
    expect(`${node("new")} .o_count text`).toHaveText("12");
    expect(`${node("new")} .o_figure.o_state_late text`).toHaveText("3");
    expect(`${node("new")} .o_bar rect.o_state_soon`).toHaveCount(1);
    expect(`${node("new")} .o_person image`).toHaveCount(1);
    expect(`${node("new")} .o_nobody`).toHaveCount(1);
    expect(queryOne(node("new")).textContent).toMatch(/30 h – 4\.2 d/);
    expect(queryOne(node("new")).textContent).toMatch(/75 %/);
    expect(node("new")).toHaveAttribute("aria-label", /12 standing here\. 3 late, 2 due soon/);
    expect(node("new")).toHaveClass("o_jam");
    expect(".o_lifecycle_map_jam_chip").toHaveText(/More come than leave/);
});

test("moves are as thick as their traffic; what is not drawn is dashed", async () => {
    await mountMap();
    const width = (edge) =>
        Number(
            queryOne(`.o_lifecycle_map_edge[data-edge='${edge}'] .o_line`).getAttribute(
                "stroke-width"
            )
        );
    expect(width("new>offer")).toBeGreaterThan(width("new>lost"));
    expect(".o_lifecycle_map_edge.o_off_chart").toHaveCount(1);
    expect(".o_lifecycle_map_edge.o_off_chart").toHaveAttribute("data-edge", "offer>new");
    expect(queryOne("[data-edge='new>offer'] .o_pill").textContent).toMatch(/6\s*75 %/);
});

test("every number opens what it counts", async () => {
    await mountMap();
    await contains(`${node("new")} .o_count`).click();
    expect.verifySteps(['open {"kind":"standing","stage":"new"}']);
    await contains(`${node("new")} .o_figure.o_state_late`).click();
    expect.verifySteps(['open {"kind":"standing","stage":"new","states":["late"]}']);
    await contains(`${node("new")} .o_nobody`).click();
    expect.verifySteps(['open {"kind":"standing","stage":"new","owner":false}']);
    await contains(`${node("new")} .o_title`).click();
    await contains(".o_lifecycle_map_numbers button:contains(came)").click();
    expect.verifySteps(['open {"kind":"arrived","stage":"new"}']);
    await contains("[data-edge='new>offer'] .o_pill").click();
    await contains(".o_lifecycle_map_numbers button:contains(by an exception)").click();
    expect.verifySteps(['open {"kind":"move","source":"new","stage":"offer","only":"exceptions"}']);
});

test("a stage leads to its records in two clicks", async () => {
    await mountMap();
    mockService("action", {
        doAction({ res_model, res_id }) {
            expect.step(`${res_model} ${res_id}`);
        },
    });
    await contains(`${node("new")} .o_title`).click();
    expect(".o_lifecycle_map_panel h3").toHaveText("New");
    expect(".o_lifecycle_map_record").toHaveText(/Beans for four shops/);
    expect(node("offer")).not.toHaveClass("o_faded");
    expect(".o_lifecycle_map_share .o_figure").toHaveCount(4);
    await contains(".o_lifecycle_map_close").click();
    expect(".o_lifecycle_map_panel").toHaveCount(0);
});

test("the map follows what moves, but not more often than is good", async () => {
    let moved;
    patchWithCleanup(LifecycleMap.prototype, {
        setup() {
            super.setup();
            moved = this.onMoved;
        },
    });
    await mountMap();
    chart = makeChart({ nodes: [makeNode("new", { name: "New", count: 13 })], edges: [] });
    for (let count = 0; count < 5; count++) {
        moved({ process_id: 1 });
    }
    moved({ process_id: 99 });
    await advanceTime(1600);
    await animationFrame();
    expect.verifySteps(['map 1 {"days":90,"as_of":false,"filters":{}}']);
    expect(`${node("new")} .o_count text`).toHaveText("13");
    expect(node("new")).toHaveClass("o_changed");
});

test("another process, period and owner are asked of the server", async () => {
    await mountMap();
    await contains(".o_lifecycle_map_period").click();
    await contains(".o-dropdown-item:contains(30 days)").click();
    expect.verifySteps(['map 1 {"days":30,"as_of":false,"filters":{}}']);
    await contains(".o_lifecycle_map_filter").click();
    await contains("#o_lifecycle_map_nobody").click();
    expect.verifySteps(['map 1 {"days":30,"as_of":false,"filters":{"owner":[false]}}']);
    expect(".o_lifecycle_map_filter").toHaveClass("btn-primary");
    await contains(".o_lifecycle_map_process").click();
    await contains(".o-dropdown-item:contains(Projects)").click();
    expect.verifySteps([
        'map 2 {"days":30,"as_of":false,"filters":{"owner":[false]},"revision_id":false}',
    ]);
});

test("by keyboard one walks from stage to stage and opens them", async () => {
    await mountMap();
    queryOne(".o_lifecycle_map_canvas").focus();
    await press("ArrowRight");
    expect(queryOne(node("new"))).toBe(document.activeElement);
    await press("ArrowDown");
    expect(document.activeElement.dataset.key).not.toBe("new");
    await press("ArrowUp");
    await press("Enter");
    await animationFrame();
    expect(".o_lifecycle_map_panel h3").toHaveText("New");
    await press("Escape");
    await animationFrame();
    expect(".o_lifecycle_map_panel").toHaveCount(0);
});

test("panning and zooming move one group and draw nothing anew", async () => {
    await mountMap();
    const group = queryOne(".o_lifecycle_map_viewport");
    const nodes = queryAll(".o_lifecycle_map_node");
    const before = group.getAttribute("transform");
    const observer = new MutationObserver((changes) => {
        for (const { target, attributeName } of changes) {
            expect.step(`${target === group} ${attributeName}`);
        }
    });
    observer.observe(queryOne(".o_lifecycle_map_canvas"), {
        attributes: true,
        childList: true,
        subtree: true,
    });
    queryOne(".o_lifecycle_map_canvas").dispatchEvent(
        new WheelEvent("wheel", { deltaY: -200, cancelable: true, clientX: 300, clientY: 300 })
    );
    await animationFrame();
    await animationFrame();
    observer.disconnect();
    expect.verifySteps(["true transform"]);
    expect(group.getAttribute("transform")).not.toBe(before);
    expect(queryAll(".o_lifecycle_map_node")).toEqual(nodes);
});

test("a chart of forty stages and a hundred moves is panned without drawing it anew", async () => {
    const nodes = Array.from({ length: 40 }, (_, rank) =>
        makeNode(`n${rank}`, { rank, count: rank, department: ["Sales", "Service"][rank % 2] })
    );
    const edges = [];
    for (let index = 0; edges.length < 100; index++) {
        const [source, target] = [index % 40, (index + 1 + Math.floor(index / 40) * 3) % 40];
        edges.push(makeEdge(`n${source}`, `n${target}`, { count: index }));
    }
    chart = makeChart({ nodes, edges, bottleneck: null });
    await mountMap();
    expect(".o_lifecycle_map_node").toHaveCount(40);
    expect(".o_lifecycle_map_edge").toHaveCount(100);
    const canvas = queryOne(".o_lifecycle_map_canvas");
    const group = queryOne(".o_lifecycle_map_viewport");
    let drawn = 0;
    const observer = new MutationObserver((changes) => {
        drawn += changes.filter(({ target }) => target !== group).length;
    });
    observer.observe(canvas, { attributes: true, childList: true, subtree: true });
    const begin = performance.now();
    for (let step = 0; step < 60; step++) {
        canvas.dispatchEvent(new WheelEvent("wheel", { deltaX: 5, deltaY: 3, cancelable: true }));
    }
    const each = (performance.now() - begin) / 60;
    await animationFrame();
    observer.disconnect();
    expect(drawn).toBe(0);
    expect(each).toBeLessThan(4, { message: "a quarter of a frame, in milliseconds" });
});

test("the map is dark where Odoo is, or where it is told to", async () => {
    cookie.set("color_scheme", "dark");
    await mountMap();
    expect(".o_lifecycle_map").toHaveClass("o_lifecycle_map_dark");
    await contains("[data-command=more]").click();
    await contains("[data-command=theme]").click();
    expect(".o_lifecycle_map").not.toHaveClass("o_lifecycle_map_dark");
    cookie.delete("color_scheme");
});

test("without a process the map says what to do", async () => {
    onRpc("crm.lifecycle.process", "get_lifecycle_map_context", () => ({
        ...CONTEXT,
        process_id: false,
        processes: [],
    }));
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "crm_lifecycle.map" });
    expect(".o_view_nocontent").toHaveText(/No process runs yet/);
});
