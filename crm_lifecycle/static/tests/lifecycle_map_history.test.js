import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAll, queryOne } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate, mockMatchMedia } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    getService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

import { getTrendPoints } from "@crm_lifecycle/actions/lifecycle_map/trend/map_trend";

import { CONTEXT, makeChart } from "./lifecycle_map_fixture";

class Process extends models.Model {
    _name = "crm.lifecycle.process";
}

class Stage extends models.Model {
    _name = "crm.lifecycle.stage";
}

defineMailModels();
defineModels([Process, Stage]);

const PROCESS = "crm.lifecycle.process";
const MOMENTS = ["2026-01-01 00:00:00", "2026-02-01 00:00:00", "2026-03-01 00:00:00"];
const MONTHS = Array.from({ length: 12 }, (_, index) => ({
    month: `2026-${String(index + 1).padStart(2, "0")}`,
    left: index,
    median_days: index > 9 ? 4 : false,
    onward: index > 9 ? 30 + index : false,
}));

beforeEach(() => {
    mockDate("2026-03-01 12:00:00");
    onRpc(PROCESS, "get_lifecycle_map_context", () => CONTEXT);
    onRpc(PROCESS, "get_lifecycle_map", ({ args }) => {
        expect.step(`map ${args[1].as_of || ""}${args[1].revision_id || ""}`);
        return makeChart({ revision: args[1].revision_id ? 1 : undefined });
    });
    onRpc(PROCESS, "get_lifecycle_map_records", () => []);
    onRpc(PROCESS, "get_lifecycle_replay", () => ({
        moments: MOMENTS,
        counts: { new: [3, 5, 12], offer: [0, 1, 0] },
        moves: [[1, "new", "offer", 2]],
    }));
    onRpc(PROCESS, "get_lifecycle_trend", () => ({
        stage_id: 7,
        months: MONTHS,
        targets: { conversion: 50, stay: 5 },
        benchmarks: { conversion: 0, stay: 8 },
        changes: [{ date: "2026-06-15 00:00:00", number: 2, note: "Talk script" }],
    }));
});

async function mountMap() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "crm_lifecycle.map" });
    expect.verifySteps(["map "]);
}

const count = (key) => queryOne(`.o_lifecycle_map_node[data-key=${key}] .o_count text`).textContent;

test("a film shows who stood where, one moment after the other", async () => {
    mockMatchMedia({ "prefers-reduced-motion": "no-preference" });
    await mountMap();
    await contains("[data-command=replay]").click();
    await animationFrame();
    expect(".o_lifecycle_map_timeline").toHaveCount(1);
    expect(count("new")).toBe("12");
    await contains(".o_lifecycle_map_play").click();
    expect(count("new")).toBe("3");
    await advanceTime(400);
    await animationFrame();
    expect(count("new")).toBe("5");
    expect(count("offer")).toBe("1");
    expect("[data-edge='new>offer'] .o_lifecycle_map_pulse").toHaveCount(1);
    expect("[data-edge='new>lost'] .o_lifecycle_map_pulse").toHaveCount(0);
    await contains(".o_lifecycle_map_play").click();
    await animationFrame();
    expect.verifySteps(["map 2026-02-01 00:00:00"], { message: "all numbers of that moment" });
    await contains(".o_lifecycle_map_timeline .fa-times").click();
    expect.verifySteps(["map "]);
    expect(".o_lifecycle_map_timeline").toHaveCount(0);
});

test("the slider chooses the moment, and nothing runs where motion is unwanted", async () => {
    mockMatchMedia({ "prefers-reduced-motion": "reduce" });
    await mountMap();
    await contains("[data-command=replay]").click();
    await animationFrame();
    const slider = queryOne(".o_lifecycle_map_slider");
    slider.value = 1;
    slider.dispatchEvent(new Event("input"));
    await animationFrame();
    expect(".o_lifecycle_map_pulse").toHaveCount(0);
    slider.value = 0;
    slider.dispatchEvent(new Event("input"));
    await animationFrame();
    expect(count("new")).toBe("3");
    slider.dispatchEvent(new Event("change"));
    await animationFrame();
    expect.verifySteps(["map 2026-01-01 00:00:00"]);
});

test("an earlier revision is chosen from the list", async () => {
    onRpc(PROCESS, "get_lifecycle_revisions", () => [
        { id: 22, number: 2, date: MOMENTS[1], user: "Anna", note: "Owners" },
        { id: 11, number: 1, date: MOMENTS[0], user: "Anna", note: false },
    ]);
    await mountMap();
    expect(".o_lifecycle_map_revision").toHaveText("2");
    await contains(".o_lifecycle_map_revision").click();
    expect(".o-dropdown-item:contains(Owners)").toHaveCount(1);
    await contains(".o-dropdown-item:eq(2)").click();
    expect.verifySteps(["map 11"]);
    expect(".o_lifecycle_map_revision").toHaveClass("btn-primary");
    expect("[data-command=difference]").toHaveCount(1);
});

test("moves that were not drawn are listed, opened and drawn", async () => {
    onRpc(PROCESS, "get_lifecycle_conformance", () => ({
        revisions: [
            { number: 1, moves: 8, fit: 8, cases: 5, fit_cases: 5 },
            { number: 2, moves: 12, fit: 9, cases: 9, fit_cases: 7 },
        ],
        moves: 20,
        fit: 17,
        deviations: [
            {
                source: "offer",
                target: "new",
                kind: "back",
                count: 3,
                cases: 2,
                exceptions: 0,
                revisions: [22],
                skipped: [],
                text: "Back from “Offer” to “New”",
                can_draw: true,
            },
        ],
    }));
    onRpc(PROCESS, "open_lifecycle_map_records", ({ args }) => {
        expect.step(`open ${JSON.stringify(args[2])}`);
        return { type: "ir.actions.act_window_close" };
    });
    onRpc(PROCESS, "action_draw_move", ({ args }) => {
        expect.step(`draw ${args[1]} ${args[2]}`);
        return { res_id: 2 };
    });
    onRpc(PROCESS, "get_lifecycle_draft", () => ({ snapshot: {}, findings: [], marks: [] }));
    onRpc(PROCESS, "action_new_draft", () => ({ res_id: 2 }));
    await mountMap();
    await contains("[data-command=conformance]").click();
    await animationFrame();
    expect(".o_lifecycle_map_conformance").toHaveText(/85 %\s+of the moves are as drawn/);
    expect(".o_lifecycle_map_deviation .badge").toHaveText("Back");
    await contains(".o_lifecycle_map_deviation .btn-link").click();
    expect.verifySteps([
        'open {"kind":"move","source":"offer","stage":"new","only":"deviations","revisions":[22]}',
    ]);
    await contains(".o_lifecycle_map_deviation .o_text").click();
    expect("[data-edge='offer>new']").toHaveClass("o_selected");
    await contains(".o_lifecycle_map_deviation .o_lifecycle_map_draw").click();
    await animationFrame();
    expect.verifySteps(["draw offer new", "map ", "map "]);
    expect(".o_lifecycle_map_editing").toHaveCount(1);
});

test("a trend shows months against target, benchmark and changes of the chart", async () => {
    onRpc("crm.lifecycle.stage", "write", ({ args }) => {
        expect.step(JSON.stringify(args));
        return true;
    });
    await mountMap();
    await contains(".o_lifecycle_map_node[data-key=new] .o_title").click();
    await animationFrame();
    expect("[data-trend=stay] strong").toHaveText("4");
    expect("[data-trend=stay] .text-success").toHaveText("reached");
    expect("[data-trend=conversion] .text-danger").toHaveText("not reached");
    expect("[data-trend=stay] .o_target").toHaveCount(1);
    expect("[data-trend=stay] .o_benchmark").toHaveCount(1);
    expect("[data-trend=conversion] .o_benchmark").toHaveCount(0);
    expect(queryOne("[data-trend=stay] .o_change title").textContent).toMatch(/Talk script/);
    expect(queryAll("[data-trend=stay] .o_point").length).toBe(2);
    await contains("[data-trend=stay] .o_lifecycle_map_target").edit("3,5");
    expect.verifySteps(['[[7],{"target_stay_days":3.5}]']);
});

test("months of which nothing is known leave a gap, not a zero", () => {
    const points = getTrendPoints([false, 0, false, 10], 10);
    expect(points.length).toBe(2);
    expect(points[0][1]).toBeGreaterThan(points[1][1]);
});
