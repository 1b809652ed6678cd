/**
 * Ways of edges around nodes: short, with few bends, few crossings, and beside each
 * other rather than on top (Dijkstra's search over the lines of the grid).
 */
import { getPorts } from "./grid";
import { Heap } from "./heap";

const BEND = 26;
const CROSSING = 14;
const SHARED = 1.2; // times its length, to run where another edge runs
const AKIN = 0.25; // of that, where both are of one node

// how little a side is liked, by which way the edge has to go
const SIDES = {
    ahead: {
        out: { right: 0, bottom: 34, top: 34, left: 160 },
        in: { left: 0, top: 34, bottom: 34, right: 160 },
    },
    back: {
        out: { bottom: 0, top: 0, left: 70, right: 70 },
        in: { bottom: 0, top: 0, right: 70, left: 70 },
    },
    below: {
        out: { bottom: 0, right: 22, left: 40, top: 160 },
        in: { top: 0, left: 12, right: 22, bottom: 160 },
    },
    above: {
        out: { top: 0, right: 22, left: 40, bottom: 160 },
        in: { bottom: 0, left: 12, right: 22, top: 160 },
    },
};
const TURNED = { right: "bottom", left: "top", bottom: "right", top: "left" };

/** Which way an edge has to go, seen along the flow. */
function getCourse(from, to, direction, lost) {
    let along = to.x - from.x;
    let across = to.y - from.y;
    let [length, breadth] = [from.width, from.height];
    if (direction === "down") {
        [along, across] = [across, along];
        [length, breadth] = [breadth, length];
    }
    if (Math.abs(along) <= length / 2 || (lost && across >= breadth)) {
        return across >= 0 ? "below" : "above";
    }
    return along > 0 ? "ahead" : "back";
}

/**
 * The ways of all edges, one after the other: drawn ones first, short ones first.
 *
 * @param {object} grid
 * @param {Map<string, object>} boxes
 * @param {object[]} edges with source, target, drawn and toLost
 * @param {("right"|"down")} direction
 * @returns {Map<object, number[][]>} points of each edge; straight where there is no way
 */
export function routeEdges(grid, boxes, edges, direction) {
    const used = new Map();
    const ways = new Map();
    const distance = ({ source, target }) => {
        const [a, b] = [boxes.get(source), boxes.get(target)];
        return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
    };
    const order = (edge) => [edge.drawn === false ? 1 : 0, distance(edge), edge.index];
    const sorted = edges
        .map((edge, index) => ({ ...edge, index, edge }))
        .sort((a, b) => {
            const [x, y] = [order(a), order(b)];
            return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
        });
    for (const item of sorted) {
        const [from, to] = [boxes.get(item.source), boxes.get(item.target)];
        const course = getCourse(from, to, direction, item.toLost);
        const group = item.toLost ? item.target : `${item.source}>${item.target}`;
        const way = findWay(grid, from, to, { course, direction, group, item, used });
        ways.set(item.edge, way);
    }
    return ways;
}

function getSideCost(context, end, side) {
    const seen = context.direction === "down" ? TURNED[side] : side;
    return SIDES[context.course][end][seen];
}

function findWay(grid, from, to, context) {
    const heap = new Heap();
    const rows = grid.ys.length;
    const best = new Float64Array(grid.xs.length * rows * 2).fill(Infinity);
    const indexOf = (port) => [grid.xs.indexOf(port.at[0]), grid.ys.indexOf(port.at[1])];
    for (const port of getPorts(from, grid.stub)) {
        const [i, j] = indexOf(port);
        const cost = getSideCost(context, "out", port.side);
        heap.push(cost, { i, j, horizontal: port.dx !== 0, cost, port, before: null });
    }
    const ends = getPorts(to, grid.stub).map((port) => {
        const [i, j] = indexOf(port);
        return { i, j, port, cost: getSideCost(context, "in", port.side) };
    });
    let found = null;
    while (heap.size) {
        const step = heap.pop();
        if (found && step.cost + getDistance(grid, step, to) >= found.cost) {
            break;
        }
        const id = (step.i * rows + step.j) * 2 + (step.horizontal ? 1 : 0);
        if (best[id] <= step.cost) {
            continue;
        }
        best[id] = step.cost;
        found = reach(step, ends, found);
        for (const next of getNeighbours(grid, step, context)) {
            heap.push(next.cost + getDistance(grid, next, to), next);
        }
    }
    return found ? trace(grid, found, context) : [center(from), center(to)];
}

/** At least so far is it still to the target. */
function getDistance(grid, { i, j }, { x, y, width, height }) {
    const [atX, atY] = [grid.xs[i], grid.ys[j]];
    const dx = Math.max(x - atX, atX - x - width, 0);
    const dy = Math.max(y - atY, atY - y - height, 0);
    return Math.max(dx + dy - grid.stub, 0);
}

/** The cheapest way that has come to a side of the target. */
function reach(step, ends, found) {
    let cheapest = found;
    for (const end of ends) {
        if (end.i === step.i && end.j === step.j) {
            const bend = step.horizontal === (end.port.dx !== 0) ? 0 : BEND;
            const cost = step.cost + end.cost + bend;
            if (!cheapest || cost < cheapest.cost) {
                cheapest = { step, end, cost };
            }
        }
    }
    return cheapest;
}

function getNeighbours(grid, step, context) {
    const { i, j } = step;
    const rows = grid.ys.length;
    const found = [];
    // pieces and crossings of the grid by number: right, down, passed along, passed down
    const add = (free, ni, nj, horizontal, key) => {
        if (!free) {
            return;
        }
        const length = Math.abs(grid.xs[ni] - grid.xs[i]) + Math.abs(grid.ys[nj] - grid.ys[j]);
        const bend = horizontal === step.horizontal ? 0 : BEND;
        const shared = SHARED * getClash(context, key);
        const crossed = getClash(context, (ni * rows + nj) * 4 + (horizontal ? 3 : 2));
        const cost = step.cost + length * (1 + shared) + bend + CROSSING * Math.ceil(crossed);
        found.push({ i: ni, j: nj, horizontal, cost, port: step.port, before: step, key });
    };
    const at = (i * rows + j) * 4;
    add(grid.right[i][j], i + 1, j, true, at);
    add(i > 0 && grid.right[i - 1][j], i - 1, j, true, at - rows * 4);
    add(grid.down[i][j], i, j + 1, false, at + 1);
    add(j > 0 && grid.down[i][j - 1], i, j - 1, false, at - 3);
    return found;
}

/**
 * How bad it is to use a piece of the grid that others use: not at all within a group,
 * little for edges of the same node.
 */
function getClash({ used, item, group }, key) {
    let clash = 0;
    for (const other of used.get(key) || []) {
        if (other.group !== group) {
            const isAkin = other.source === item.source || other.target === item.target;
            clash = Math.max(clash, isAkin ? AKIN : 1);
        }
    }
    return clash;
}

/** The points of a way; remembers which pieces of the grid it uses. */
function trace(grid, { step, end }, context) {
    const use = (key) => {
        if (!context.used.has(key)) {
            context.used.set(key, []);
        }
        const { source, target } = context.item;
        context.used.get(key).push({ group: context.group, source, target });
    };
    const points = [[end.port.x, end.port.y]];
    let port = step.port;
    for (let at = step; at; at = at.before) {
        points.push([grid.xs[at.i], grid.ys[at.j]]);
        port = at.port;
        if (at.before) {
            use(at.key);
            for (const { i, j } of [at, at.before]) {
                use((i * grid.ys.length + j) * 4 + (at.horizontal ? 2 : 3));
            }
        }
    }
    points.push([port.x, port.y]);
    return simplify(points.reverse());
}

/**
 * Leave out points on a straight line.
 *
 * @param {number[][]} points
 * @returns {number[][]}
 */
export function simplify(points) {
    return points.filter((point, index) => {
        const [before, after] = [points[index - 1], points[index + 1]];
        if (!before || !after) {
            return true;
        }
        const straight =
            (before[0] === point[0] && point[0] === after[0]) ||
            (before[1] === point[1] && point[1] === after[1]);
        return !straight;
    });
}

function center({ x, y, width, height }) {
    return [x + width / 2, y + height / 2];
}
