/**
 * The layout of a chart: layers along the flow, lanes across it, edges around nodes.
 *
 * It depends on the definition alone, never on numbers, so that a map stays as it is
 * while records move.
 */
import { buildGrid } from "./grid";
import { placeLabels } from "./labels";
import { toPath } from "./path";
import { placeNodes, SIZES } from "./place";
import { routeEdges } from "./route";
import { spreadWays } from "./spread";

/**
 * @param {object[]} nodes with key, rank, phase, outcome, department and position
 * @param {object[]} edges with source, target and drawn
 * @param {{direction?: ("right"|"down"), rtl?: boolean}} options
 * @returns {{nodes: Map<string, object>, edges: Map<string, object>, lanes: object[],
 *  width: number, height: number}} nodes by key: x, y, width, height, column, row,
 *  lane; edges by "source>target": path, points, label
 */
export function layoutChart(nodes, edges, options = {}) {
    const direction = options.direction || "right";
    const placed = placeNodes(nodes, edges, { direction });
    const known = edges.filter(
        (edge) => placed.boxes.has(edge.source) && placed.boxes.has(edge.target)
    );
    const outcomes = new Map(nodes.map((node) => [node.key, node.outcome]));
    const toRoute = known.map(({ source, target, drawn }) => ({
        source,
        target,
        drawn,
        toLost: drawn !== false && outcomes.get(target) === "lost",
    }));
    const grid = buildGrid(placed.boxes, placed, SIZES[direction].stub);
    const ways = routeEdges(grid, placed.boxes, toRoute, direction);
    const getGroup = (edge) => (edge.toLost ? edge.target : getEdgeKey(edge));
    spreadWays(ways, getGroup);
    const result = {
        nodes: placed.boxes,
        lanes: placed.lanes,
        width: placed.width,
        height: placed.height,
        rtl: Boolean(options.rtl),
        edges: new Map(),
    };
    const labels = placeLabels(
        [...ways].map(([edge, points]) => ({
            points,
            pieces: countOwnPieces(edge, points),
            isBeside: edge.toLost && direction === "down" && points.length > 2,
        })),
        [...placed.boxes.values()],
        placed.width
    );
    [...ways].forEach(([edge, points], index) => {
        const label = labels[index];
        result.edges.set(getEdgeKey(edge), { points, path: toPath(points), label });
    });
    return options.rtl ? mirror(result) : result;
}

/**
 * @param {{source: string, target: string}} edge
 * @returns {string}
 */
export function getEdgeKey({ source, target }) {
    return `${source}>${target}`;
}

/** All but the last piece, which those that lead to where one is lost share. */
function countOwnPieces(edge, points) {
    const pieces = points.length - 1;
    return edge.toLost ? Math.max(pieces - 1, 1) : pieces;
}

/** The same chart from right to left. */
function mirror(layout) {
    const { width } = layout;
    for (const box of [...layout.nodes.values(), ...layout.lanes]) {
        box.x = width - box.x - box.width;
    }
    for (const [key, { points, label }] of layout.edges) {
        const mirrored = points.map(([x, y]) => [width - x, y]);
        layout.edges.set(key, {
            points: mirrored,
            path: toPath(mirrored),
            label: [width - label[0], label[1]],
        });
    }
    return layout;
}
