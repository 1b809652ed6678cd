/**
 * Where nodes and lanes are drawn. The chart has a band for leads and one for
 * customers; a band has a lane for each department.
 *
 * Everything is reckoned along the flow ("main") and across it ("cross"); a chart
 * that flows downwards is the same with the two exchanged.
 */
import { rankNodes } from "./ranks";
import { assignRows, groupLanes } from "./rows";

export const SIZES = {
    right: {
        width: 220,
        height: 104,
        gapMain: 104,
        gapCross: 44,
        lane: 34,
        band: 48,
        pad: 26,
        stub: 18,
    },
    down: {
        width: 160,
        height: 104,
        gapMain: 52,
        gapCross: 22,
        lane: 0,
        band: 72,
        pad: 23,
        stub: 11,
    },
};

const TOP = 28; // room for the name of the first band

/**
 * @param {object[]} nodes in the order of the definition
 * @param {object[]} edges all of them; only the drawn ones decide where nodes stand
 * @param {{direction: ("right"|"down")}} options
 * @returns {{boxes: Map<string, object>, lanes: object[], width: number, height: number}}
 *  boxes have x, y, width, height, column, row, lane; lanes also name and phase
 */
export function placeNodes(nodes, edges, { direction }) {
    const size = SIZES[direction];
    const drawn = edges.filter((edge) => edge.drawn !== false);
    const result = { boxes: new Map(), lanes: [], main: 0, cross: 0 };
    for (const phase of ["lead", "customer"]) {
        const ours = nodes.filter((node) => node.phase === phase);
        if (ours.length) {
            placeBand(ours, drawn, phase, direction, result);
        }
    }
    const main = result.main + size.pad;
    for (const lane of result.lanes) {
        lane.length = main;
    }
    return turn(result, direction, main);
}

function placeBand(nodes, drawn, phase, direction, result) {
    const size = SIZES[direction];
    const keys = new Set(nodes.map((node) => node.key));
    const edges = drawn.filter((edge) => keys.has(edge.source) && keys.has(edge.target));
    const columns = rankNodes(nodes, edges);
    for (const node of nodes) {
        if (node.position && direction === "right") {
            columns.set(node.key, node.position.x);
        }
    }
    const lanes = groupLanes(nodes, direction === "right");
    if (direction === "right") {
        placeAcross(lanes, columns, edges, phase, size, result);
    } else {
        placeDown(lanes, columns, edges, phase, size, result);
    }
}

/** A band of lanes, one below the other. */
function placeAcross(lanes, columns, edges, phase, size, result) {
    let cross = result.cross + (result.lanes.length ? size.band : TOP);
    for (const [name, nodes] of lanes) {
        const { rows, count } = assignRows(nodes, columns, edges);
        const pitch = size.height + size.gapCross;
        const height = count * pitch - size.gapCross + 2 * size.pad;
        result.lanes.push({ name, phase, start: cross, size: height });
        for (const node of nodes) {
            const column = columns.get(node.key);
            const row = rows.get(node.key);
            addBox(result, node, {
                main: size.lane + size.pad + column * (size.width + size.gapMain),
                cross: cross + size.pad + row * pitch,
                mainSize: size.width,
                crossSize: size.height,
                column,
                row,
                lane: name,
            });
        }
        cross += height;
    }
    result.cross = cross;
}

/** A column for a small screen: the flow goes down, lost ones stand aside. */
function placeDown(lanes, columns, edges, phase, size, result) {
    const start = result.main + (result.lanes.length ? size.band : TOP + 16);
    const pitch = size.height + size.gapMain;
    let cross = size.pad;
    let end = start;
    for (const [name, nodes] of lanes) {
        const free = nodes.map((node) => ({ ...node, position: false }));
        const { rows, count } = assignRows(free, columns, edges);
        for (const node of nodes) {
            const column = columns.get(node.key);
            const main = start + column * pitch + (name === "lost" ? pitch / 2 : 0);
            const row = rows.get(node.key);
            const at = cross + row * (size.width + size.gapCross);
            const box = { main, cross: at, mainSize: size.height, crossSize: size.width };
            addBox(result, node, { ...box, column, row, lane: name });
            end = Math.max(end, main + size.height);
        }
        cross += count * (size.width + size.gapCross);
    }
    result.lanes.push({ name: "", phase, start: start - 16, size: end - start + 32 });
    result.cross = Math.max(result.cross, cross - size.gapCross + size.pad);
    result.main = end;
}

function addBox(result, node, box) {
    result.boxes.set(node.key, box);
    result.main = Math.max(result.main, box.main + box.mainSize);
}

/** From along and across to x and y. */
function turn(result, direction, main) {
    const across = direction === "right";
    const boxes = new Map();
    for (const [key, box] of result.boxes) {
        const { column, row, lane } = box;
        const [x, y] = across ? [box.main, box.cross] : [box.cross, box.main];
        const [width, height] = across
            ? [box.mainSize, box.crossSize]
            : [box.crossSize, box.mainSize];
        boxes.set(key, { x, y, width, height, column, row, lane });
    }
    const lanes = result.lanes.map((lane) => ({
        name: lane.name,
        phase: lane.phase,
        x: 0,
        y: lane.start,
        width: across ? main : result.cross,
        height: lane.size,
    }));
    const [width, height] = across ? [main, result.cross] : [result.cross, main];
    return { boxes, lanes, width, height };
}

/**
 * The place by hand that is nearest to where a box was dropped, in half columns and rows.
 *
 * @param {object} layout as ``layoutChart`` gives it, flowing right
 * @param {object} box
 * @returns {{position: {x: number, y: number}, lane: string, box: object}}
 */
export function findPlace(layout, box) {
    const size = SIZES.right;
    const x = layout.rtl ? layout.width - box.x - box.width : box.x;
    const middle = box.y + box.height / 2;
    const lanes = [...layout.lanes].sort((a, b) => getDistance(a, middle) - getDistance(b, middle));
    const [lane] = lanes;
    const [pitchX, pitchY] = [size.width + size.gapMain, size.height + size.gapCross];
    const [startX, startY] = [size.lane + size.pad, lane.y + size.pad];
    const position = {
        x: Math.max(Math.round((2 * (x - startX)) / pitchX) / 2, 0),
        y: Math.max(Math.round((2 * (box.y - startY)) / pitchY) / 2, 0),
    };
    const left = startX + position.x * pitchX;
    return {
        position,
        lane: lane.name,
        box: {
            x: layout.rtl ? layout.width - left - size.width : left,
            y: startY + position.y * pitchY,
            width: size.width,
            height: size.height,
        },
    };
}

function getDistance(lane, y) {
    return Math.max(lane.y - y, y - lane.y - lane.height, 0);
}
