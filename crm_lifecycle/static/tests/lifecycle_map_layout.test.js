import { describe, expect, test } from "@odoo/hoot";
import { layoutChart } from "@crm_lifecycle/actions/lifecycle_map/layout/layout";
import { assignColumns, findBackEdges } from "@crm_lifecycle/actions/lifecycle_map/layout/ranks";
import { orderCells } from "@crm_lifecycle/actions/lifecycle_map/layout/rows";
import { simplify } from "@crm_lifecycle/actions/lifecycle_map/layout/route";
import { toPath } from "@crm_lifecycle/actions/lifecycle_map/layout/path";

describe.current.tags("headless");

/** "a>b b>c" as edges, "a~b" for one that is not drawn. */
function edgesOf(text) {
    return text.split(" ").map((pair) => {
        const [source, target] = pair.split(/[>~]/);
        return { source, target, drawn: !pair.includes("~") };
    });
}

/** "a b lost:x customer:c Sales/d" as nodes. */
function nodesOf(text) {
    return text.split(" ").map((word, rank) => {
        const [department, rest] = word.includes("/") ? word.split("/") : [false, word];
        const [kind, key] = rest.includes(":") ? rest.split(":") : ["open", rest];
        const phase = kind.startsWith("customer") ? "customer" : "lead";
        const outcome = kind.endsWith("lost") ? "lost" : "open";
        return { key, rank, phase, outcome, department, position: false };
    });
}

const NODES = nodesOf("new qualified offer won lost:lost customer:first customer:active");
const EDGES = edgesOf(
    "new>qualified qualified>offer offer>won new>lost qualified>lost offer>lost" +
        " won>first first>active active>first new~offer offer~new"
);

/** A chart as big as it gets, the same each time. */
function bigChart(nodeCount, edgeCount) {
    let seed = 5;
    const random = (limit) => {
        seed = (seed * 16807) % 2147483647;
        return seed % limit;
    };
    const departments = ["Sales", "Service", "Operations"];
    const nodes = Array.from({ length: nodeCount }, (_, rank) => ({
        key: `n${rank}`,
        rank,
        phase: rank < nodeCount / 2 ? "lead" : "customer",
        outcome: "open",
        department: departments[random(3)],
        position: false,
    }));
    const edges = new Map();
    while (edges.size < edgeCount) {
        const source = random(nodeCount);
        const target = Math.max(0, Math.min(nodeCount - 1, source + random(7) - 2));
        if (source !== target) {
            const drawn = random(6) > 0;
            edges.set(`${source}>${target}`, {
                source: `n${source}`,
                target: `n${target}`,
                drawn,
            });
        }
    }
    return [nodes, [...edges.values()]];
}

function overlap(a, b) {
    return (
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
    );
}

function checkNothingOverlaps(layout) {
    const boxes = [...layout.nodes.values()];
    const pairs = boxes.flatMap((box, index) =>
        boxes.slice(index + 1).map((other) => [box, other])
    );
    expect(pairs.filter(([box, other]) => overlap(box, other))).toEqual([]);
}

/** Names of the nodes that an edge runs through, its own included. */
function findHits(layout, points) {
    const hits = [];
    for (const [key, box] of layout.nodes) {
        for (let i = 0; i + 1 < points.length; i++) {
            const [[x1, y1], [x2, y2]] = [points[i], points[i + 1]];
            const piece = {
                x: Math.min(x1, x2),
                y: Math.min(y1, y2),
                width: Math.abs(x1 - x2) || 0.01,
                height: Math.abs(y1 - y2) || 0.01,
            };
            const inner = {
                x: box.x + 1,
                y: box.y + 1,
                width: box.width - 2,
                height: box.height - 2,
            };
            if (overlap(piece, inner)) {
                hits.push(key);
            }
        }
    }
    return hits;
}

function touches(box, [x, y]) {
    const onSide = x === box.x || x === box.x + box.width;
    const onTop = y === box.y || y === box.y + box.height;
    const inX = x >= box.x && x <= box.x + box.width;
    const inY = y >= box.y && y <= box.y + box.height;
    return (onSide && inY) || (onTop && inX);
}

test("a node stands one column after the last that leads to it", () => {
    const columns = assignColumns(["a", "b", "c", "d"], edgesOf("a>b b>c a>c c>d"));
    expect(Object.fromEntries(columns)).toEqual({ a: 0, b: 1, c: 2, d: 3 });
});

test("where nobody leads to, a node stands right before what it leads to", () => {
    const columns = assignColumns(["a", "b", "c", "late"], edgesOf("a>b b>c late>c"));
    expect(columns.get("late")).toBe(1);
});

test("only edges that close a loop lead back", () => {
    const edges = edgesOf("a>b b>c c>b c>d d>a a>d");
    const back = findBackEdges(["a", "b", "c", "d"], edges);
    expect([...back].map(({ source, target }) => source + target)).toEqual(["cb", "da"]);
});

test("nodes in a column are ordered so that few edges cross", () => {
    const cells = new Map([
        [0, [{ key: "a" }, { key: "b" }, { key: "c" }].map((n, rank) => ({ ...n, rank }))],
        [1, [{ key: "x" }, { key: "y" }, { key: "z" }].map((n, rank) => ({ ...n, rank }))],
    ]);
    const places = orderCells(cells, edgesOf("a>z b>y c>x"));
    const crossings = (p) =>
        [
            ["a", "z", "b", "y"],
            ["a", "z", "c", "x"],
            ["b", "y", "c", "x"],
        ].filter(([s, t, s2, t2]) => (p.get(s) - p.get(s2)) * (p.get(t) - p.get(t2)) < 0).length;
    expect(crossings(places)).toBe(0);
});

test("nothing overlaps and edges run around nodes, from side to side", () => {
    for (const direction of ["right", "down"]) {
        const layout = layoutChart(NODES, EDGES, { direction });
        checkNothingOverlaps(layout);
        for (const { source, target } of EDGES) {
            const { points } = layout.edges.get(`${source}>${target}`);
            expect(findHits(layout, points)).toEqual([]);
            expect(touches(layout.nodes.get(source), points[0])).toBe(true);
            expect(touches(layout.nodes.get(target), points.at(-1))).toBe(true);
        }
    }
});

test("labels of edges stand on neither stages nor each other", () => {
    for (const direction of ["right", "down"]) {
        const chart = layoutChart(NODES, EDGES, { direction });
        const labels = [...chart.edges.values()].map(({ label: [x, y] }) => ({
            x: x - 27,
            y: y - 9,
            width: 54,
            height: 18,
        }));
        const boxes = [...chart.nodes.values(), ...labels];
        const hits = labels.filter((label) =>
            boxes.some(
                (box) =>
                    box !== label &&
                    label.x < box.x + box.width &&
                    box.x < label.x + label.width &&
                    label.y < box.y + box.height &&
                    box.y < label.y + label.height
            )
        );
        expect(hits).toEqual([], { message: direction });
    }
});

test("forty stages with a hundred moves are laid out at once, and tidily", () => {
    const [nodes, edges] = bigChart(40, 100);
    layoutChart(nodes, edges);
    const begin = performance.now();
    const layout = layoutChart(nodes, edges);
    expect(performance.now() - begin).toBeLessThan(1500);
    checkNothingOverlaps(layout);
    const hit = [...layout.edges.values()].filter(({ points }) => findHits(layout, points).length);
    expect(hit).toEqual([]);
});

test("the same chart is always drawn in the same way", () => {
    const [nodes, edges] = bigChart(15, 30);
    const [first, second] = [layoutChart(nodes, edges), layoutChart(nodes, edges)];
    expect([...first.nodes]).toEqual([...second.nodes]);
    expect([...first.edges]).toEqual([...second.edges]);
});

test("numbers and moves off the chart do not shift stages", () => {
    const drawn = EDGES.filter((edge) => edge.drawn);
    const busy = EDGES.map((edge) => ({ ...edge, count: 99 }));
    expect([...layoutChart(NODES, busy).nodes]).toEqual([...layoutChart(NODES, drawn).nodes]);
});

test("a stage added at the end leaves the others where they are", () => {
    const nodes = nodesOf("a b c d");
    const edges = edgesOf("a>b b>c a>c");
    const before = layoutChart(nodes.slice(0, 3), edges);
    const after = layoutChart(nodes, [...edges, ...edgesOf("c>d")]);
    for (const key of ["a", "b", "c"]) {
        expect(after.nodes.get(key)).toEqual(before.nodes.get(key));
    }
});

test("lanes hold the stages of their department, lost ones are the last", () => {
    const nodes = nodesOf("Sales/a Service/b Sales/c lost:x");
    const layout = layoutChart(nodes, edgesOf("a>b b>c a>x c>x"));
    expect(layout.lanes.map((lane) => lane.name)).toEqual(["Sales", "Service", "lost"]);
    for (const { key, department } of nodes) {
        const box = layout.nodes.get(key);
        const lane = layout.lanes.find(({ name }) => name === (department || "lost"));
        expect(box.y >= lane.y && box.y + box.height <= lane.y + lane.height).toBe(true);
    }
});

test("stages put by hand stay there, others give way", () => {
    const nodes = nodesOf("a b c");
    nodes[2].position = { x: 1, y: 0 };
    const layout = layoutChart(nodes, edgesOf("a>b b>c"));
    const [b, c] = [layout.nodes.get("b"), layout.nodes.get("c")];
    expect([c.column, c.row]).toEqual([1, 0]);
    expect(b.row).toBe(1);
    checkNothingOverlaps(layout);
});

test("customers stand in a band of their own below the leads", () => {
    const layout = layoutChart(NODES, EDGES);
    const lowest = Math.max(
        ...["new", "offer", "won", "lost"].map((key) => layout.nodes.get(key).y)
    );
    expect(layout.nodes.get("first").y).toBeGreaterThan(lowest);
    expect(layout.nodes.get("first").column).toBe(0);
});

test("on a phone two columns fit the screen", () => {
    const layout = layoutChart(NODES, EDGES, { direction: "down" });
    expect(layout.width).toBeLessThan(391);
    expect(layout.nodes.get("qualified").y).toBeGreaterThan(layout.nodes.get("new").y);
});

test("from right to left the chart is mirrored", () => {
    const left = layoutChart(NODES, EDGES);
    const right = layoutChart(NODES, EDGES, { rtl: true });
    for (const [key, box] of left.nodes) {
        expect(right.nodes.get(key).x).toBe(left.width - box.x - box.width);
        expect(right.nodes.get(key).y).toBe(box.y);
    }
    const { points } = right.edges.get("new>qualified");
    expect(points[0][0]).toBeGreaterThan(points.at(-1)[0]);
});

test("empty, single and unjoined stages, and moves to nowhere, are no problem", () => {
    expect(layoutChart([], []).nodes.size).toBe(0);
    expect(layoutChart(nodesOf("a"), []).nodes.size).toBe(1);
    const layout = layoutChart(nodesOf("a b c lost:x"), edgesOf("a>gone"));
    checkNothingOverlaps(layout);
    expect(layout.edges.size).toBe(0);
});

test("a way has no needless points and round corners", () => {
    const points = simplify([
        [0, 0],
        [5, 0],
        [50, 0],
        [50, 40],
    ]);
    expect(points).toEqual([
        [0, 0],
        [50, 0],
        [50, 40],
    ]);
    expect(toPath(points)).toBe("M0,0L38,0Q50,0 50,12L50,40");
});
