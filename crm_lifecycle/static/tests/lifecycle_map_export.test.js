import { describe, expect, test } from "@odoo/hoot";
import { queryOne } from "@odoo/hoot-dom";
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

import { makeBpmn } from "@crm_lifecycle/actions/lifecycle_map/export/map_bpmn";
import { makePng, makeSvg } from "@crm_lifecycle/actions/lifecycle_map/export/map_picture";
import { layoutChart } from "@crm_lifecycle/actions/lifecycle_map/layout/layout";

import { CONTEXT, makeChart, makeEdge, makeNode } from "./lifecycle_map_fixture";

class Process extends models.Model {
    _name = "crm.lifecycle.process";
}

defineMailModels();
defineModels([Process]);

const BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const DI = "http://www.omg.org/spec/BPMN/20100524/DI";
const NAMES = { lead: "Leads", customer: "Customers", lost: "Lost" };

function makeFull() {
    const chart = makeChart();
    chart.nodes[0].goal = 'Known & "reached" <soon>';
    chart.nodes.push(makeNode("won", { name: "Won", outcome: "won", rank: 3 }));
    chart.nodes.push(makeNode("first", { name: "First", phase: "customer", rank: 4 }));
    chart.nodes.push(
        makeNode("active", { name: "Active", phase: "customer", rank: 5, handover: true })
    );
    const auto = { id: 9, trigger: "auto", name: "Buys again", condition: "2 < orders" };
    chart.edges.push(
        makeEdge("offer", "won"),
        makeEdge("won", "first"),
        makeEdge("first", "active", { moves: [{ ...auto, broken: false }] })
    );
    return chart;
}

function parse(chart) {
    const layout = layoutChart(chart.nodes, chart.edges);
    const text = makeBpmn(chart, layout, (key) => NAMES[key]);
    const xml = new DOMParser().parseFromString(text, "application/xml");
    expect(xml.querySelector("parsererror")).toBe(null);
    const all = (name, space = BPMN) => [...xml.getElementsByTagNameNS(space, name)];
    return { xml, all, layout };
}

describe("BPMN", () => {
    test("stages are tasks and ends, moves are flows, of one pool each", () => {
        const { xml, all } = parse(makeFull());
        expect(xml.documentElement.localName).toBe("definitions");
        expect(xml.documentElement.namespaceURI).toBe(BPMN);
        expect(all("participant").map((pool) => pool.getAttribute("name"))).toEqual([
            "Leads",
            "Customers",
        ]);
        expect(all("process").length).toBe(2);
        expect(all("task").length).toBe(3);
        expect(all("userTask").map((task) => task.getAttribute("name"))).toEqual(["Active"]);
        expect(all("endEvent").map((end) => end.getAttribute("name"))).toEqual(["Lost", "Won"]);
        expect(all("sequenceFlow").length).toBe(4, { message: "what is not drawn is left out" });
        expect(all("messageFlow").length).toBe(1, { message: "from lead to customer" });
        expect(all("conditionExpression")[0].textContent).toBe("2 < orders");
        expect(all("documentation")[0].textContent).toBe('Known & "reached" <soon>');
    });

    test("every reference leads to something, and every id is there once", () => {
        const { xml, all } = parse(makeFull());
        const ids = [...xml.querySelectorAll("[id]")].map((el) => el.getAttribute("id"));
        expect(new Set(ids).size).toBe(ids.length);
        const known = new Set(ids);
        const references = [
            ...["sourceRef", "targetRef", "processRef", "bpmnElement"].flatMap((name) =>
                [...xml.querySelectorAll(`[${name}]`)].map((el) => el.getAttribute(name))
            ),
            ...["incoming", "outgoing", "flowNodeRef"].flatMap((name) =>
                all(name).map((el) => el.textContent)
            ),
        ];
        expect(references.length).toBeGreaterThan(30);
        expect(references.filter((reference) => !known.has(reference))).toEqual([]);
        for (const flow of all("sequenceFlow")) {
            const source = xml.getElementById(flow.getAttribute("sourceRef"));
            const target = xml.getElementById(flow.getAttribute("targetRef"));
            const told = (el, name) =>
                [...el.getElementsByTagNameNS(BPMN, name)].map((child) => child.textContent);
            expect(told(source, "outgoing")).toInclude(flow.id);
            expect(told(target, "incoming")).toInclude(flow.id);
            expect(flow.parentNode).toBe(source.parentNode);
        }
    });

    test("elements come in the order of the standard", () => {
        const { all } = parse(makeFull());
        for (const process of all("process")) {
            const names = [...process.children].map((child) => child.localName);
            expect(names[0]).toBe("laneSet");
            expect(names.lastIndexOf("task")).toBeLessThan(names.indexOf("sequenceFlow"));
        }
        for (const task of all("task")) {
            const names = [...task.children].map((child) => child.localName);
            expect([...names].sort()).toEqual(names);
        }
    });

    test("all that is drawn has its place in the diagram", () => {
        const { all, layout } = parse(makeFull());
        const shapes = all("BPMNShape", DI).map((shape) => shape.getAttribute("bpmnElement"));
        const elements = ["participant", "lane", "task", "userTask", "endEvent"].flatMap((name) =>
            all(name).map((el) => el.id)
        );
        expect([...shapes].sort()).toEqual([...elements].sort());
        const lines = all("BPMNEdge", DI);
        const flows = [...all("sequenceFlow"), ...all("messageFlow")].map((el) => el.id);
        expect(lines.map((line) => line.getAttribute("bpmnElement")).sort()).toEqual(flows.sort());
        expect(lines.every((line) => line.children.length > 1)).toBe(true);
        for (const bounds of all("Bounds", "http://www.omg.org/spec/DD/20100524/DC")) {
            expect(Number(bounds.getAttribute("width"))).toBeGreaterThan(0);
            expect(Number(bounds.getAttribute("x"))).toBeLessThan(layout.width);
        }
    });
});

async function mountMap() {
    onRpc("crm.lifecycle.process", "get_lifecycle_map_context", () => CONTEXT);
    onRpc("crm.lifecycle.process", "get_lifecycle_map", () => makeFull());
    onRpc("/web/image/<path:path>", () => "face", { pure: true });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "crm_lifecycle.map" });
    const chart = makeFull();
    return [queryOne(".o_lifecycle_map_canvas"), layoutChart(chart.nodes, chart.edges)];
}

test("a picture needs nothing of the page: styles and faces are in it", async () => {
    const [canvas, layout] = await mountMap();
    const text = await makeSvg(canvas, layout, "My process");
    const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    expect(svg.localName).toBe("svg");
    expect(svg.querySelector("title").textContent).toBe("My process");
    expect(Number(svg.getAttribute("width"))).toBeGreaterThan(layout.width);
    expect(svg.querySelectorAll(".o_lifecycle_map_node").length).toBe(6);
    for (const image of svg.querySelectorAll("image")) {
        expect(image.getAttribute("href")).toMatch(/^data:/);
    }
    expect(svg.querySelector(".o_card").style.fill).not.toBe("");
    expect(text).not.toInclude("/web/image");
    expect(svg.querySelectorAll(".o_reach").length).toBe(0);
});

test("the picture becomes a PNG of twice the size", async () => {
    const [canvas, layout] = await mountMap();
    const png = await makePng(await makeSvg(canvas, layout, "My process"), layout);
    expect(png.type).toBe("image/png");
    const head = new DataView(await png.slice(0, 24).arrayBuffer());
    expect(head.getUint32(16)).toBe(Math.round(2 * (layout.width + 48)));
});

test("printing hands the drawing to a page of the server", async () => {
    const [, layout] = await mountMap();
    const submit = HTMLFormElement.prototype.submit;
    let sent = null;
    HTMLFormElement.prototype.submit = function () {
        sent = { action: this.action, target: this.target, data: new FormData(this) };
    };
    await contains("[data-command=more]").click();
    await contains("[data-command=print]").click();
    await expect.waitForSteps([]);
    for (let tries = 0; !sent && tries < 50; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    HTMLFormElement.prototype.submit = submit;
    expect(sent.action).toMatch(/\/crm_lifecycle\/process\/1\/print$/);
    expect(sent.target).toBe("_blank");
    expect(sent.data.get("svg")).toMatch(/^<svg/);
    expect(sent.data.get("days")).toBe("90");
    expect(layout.width).toBeGreaterThan(0);
});
