/**
 * Which lane and row a node stands in: near those it is joined to, so that few edges
 * cross.
 */
import { groupBy } from "./ranks";

const SWEEPS = 4;

/**
 * The lanes of a part of the chart, in the order in which departments come; lost ones
 * without a department are the last.
 *
 * @param {object[]} nodes
 * @param {boolean} byDepartment else there is one lane beside that of lost ones
 * @returns {Map<string, object[]>} nodes by the name of their lane
 */
export function groupLanes(nodes, byDepartment) {
    const lanes = new Map();
    const ofLost = [];
    for (const node of nodes) {
        const name = (byDepartment && node.department) || "";
        if (node.outcome === "lost" && !name) {
            ofLost.push(node);
            continue;
        }
        lanes.set(name, [...(lanes.get(name) || []), node]);
    }
    if (ofLost.length) {
        lanes.set("lost", ofLost);
    }
    return lanes;
}

/**
 * The order of the nodes within each column of a lane, by the mean place of their
 * neighbours, swept to and fro; equal ones keep the order of the definition.
 *
 * @param {Map<number, object[]>} cells nodes of one lane by column
 * @param {object[]} edges
 * @returns {Map<string, number>} place of each node in its cell
 */
export function orderCells(cells, edges) {
    const places = new Map();
    const neighbours = new Map();
    for (const { source, target } of edges) {
        neighbours.set(source, [...(neighbours.get(source) || []), target]);
        neighbours.set(target, [...(neighbours.get(target) || []), source]);
    }
    const columns = [...cells.keys()].sort((a, b) => a - b);
    for (const column of columns) {
        cells.get(column).forEach((node, index) => places.set(node.key, index));
    }
    const mean = (key) => {
        const known = (neighbours.get(key) || []).filter((other) => places.has(other));
        const sum = known.reduce((total, other) => total + places.get(other), 0);
        return known.length ? sum / known.length : places.get(key);
    };
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
        for (const column of sweep % 2 ? [...columns].reverse() : columns) {
            const wanted = new Map(cells.get(column).map((node) => [node.key, mean(node.key)]));
            const sorted = [...cells.get(column)].sort(
                (a, b) => wanted.get(a.key) - wanted.get(b.key) || a.rank - b.rank
            );
            sorted.forEach((node, index) => places.set(node.key, index));
        }
    }
    return places;
}

/**
 * The row of each node of a lane; lone ones stand level with their neighbours.
 *
 * @param {object[]} nodes of one lane
 * @param {Map<string, number>} columns
 * @param {object[]} edges
 * @returns {{rows: Map<string, number>, count: number}} count of rows the lane takes
 */
export function assignRows(nodes, columns, edges) {
    const free = nodes.filter((node) => !node.position);
    const cells = groupBy(
        free.map((node) => ({ ...node, column: columns.get(node.key) })),
        "column"
    );
    const places = orderCells(cells, edges);
    const rows = new Map(places);
    for (const node of nodes) {
        if (node.position) {
            rows.set(node.key, node.position.y);
        }
    }
    avoidPinned(nodes, columns, rows);
    const count = Math.max(1, ...[...rows.values()].map((row) => Math.ceil(row) + 1));
    return { rows, count };
}

/** Nodes that were put by hand keep their place; others give way downwards. */
function avoidPinned(nodes, columns, rows) {
    const taken = nodes.filter((node) => node.position);
    for (const node of nodes) {
        if (node.position) {
            continue;
        }
        const column = columns.get(node.key);
        const meets = (other) =>
            Math.abs(columns.get(other.key) - column) < 1 &&
            Math.abs(rows.get(other.key) - rows.get(node.key)) < 1;
        while (taken.some(meets)) {
            rows.set(node.key, rows.get(node.key) + 1);
        }
        taken.push(node);
    }
}
