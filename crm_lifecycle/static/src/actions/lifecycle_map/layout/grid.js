/** The lines along which edges may run: beside and through the middle of each node. */

const CLEAR = 4; // edges keep at least so far from nodes

/**
 * @param {Map<string, object>} boxes
 * @param {{width: number, height: number}} extent of the chart
 * @param {number} stub from the side of a node to the first bend
 * @returns {object} grid: xs, ys, and whether one can go right or down from a crossing
 */
export function buildGrid(boxes, extent, stub) {
    const xs = new Set([6, extent.width - 6]);
    const ys = new Set([6, extent.height - 6]);
    for (const box of boxes.values()) {
        addLines(xs, box.x, box.width, stub);
        addLines(ys, box.y, box.height, stub);
    }
    const grid = {
        stub,
        xs: [...xs].sort((a, b) => a - b),
        ys: [...ys].sort((a, b) => a - b),
    };
    const obstacles = [...boxes.values()];
    grid.right = grid.xs.map((x, i) =>
        grid.ys.map((y) => isFree(obstacles, x, y, grid.xs[i + 1], y))
    );
    grid.down = grid.xs.map((x) =>
        grid.ys.map((y, j) => isFree(obstacles, x, y, x, grid.ys[j + 1]))
    );
    return grid;
}

function addLines(lines, start, length, stub) {
    lines.add(start - stub);
    lines.add(start + length / 2);
    lines.add(start + length + stub);
}

function isFree(obstacles, x1, y1, x2, y2) {
    if (x2 === undefined || y2 === undefined) {
        return false;
    }
    return !obstacles.some(
        (box) =>
            x1 < box.x + box.width + CLEAR &&
            x2 > box.x - CLEAR &&
            y1 < box.y + box.height + CLEAR &&
            y2 > box.y - CLEAR
    );
}

/**
 * Where edges leave or enter a node: the middle of each side and the crossing before.
 *
 * @param {object} box
 * @param {number} stub
 * @returns {object[]} side, direction out of the node, point on the side, crossing
 */
export function getPorts(box, stub) {
    const { x, y, width, height } = box;
    const [cx, cy] = [x + width / 2, y + height / 2];
    return [
        { side: "right", dx: 1, dy: 0, x: x + width, y: cy },
        { side: "left", dx: -1, dy: 0, x, y: cy },
        { side: "bottom", dx: 0, dy: 1, x: cx, y: y + height },
        { side: "top", dx: 0, dy: -1, x: cx, y },
    ].map((port) => ({ ...port, at: [port.x + port.dx * stub, port.y + port.dy * stub] }));
}
