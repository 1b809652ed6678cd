/**
 * Where the labels of edges go: in the middle of their longest piece, if that is free;
 * else as near to it as there is room, on neither nodes nor other labels,
 * and best not on other edges.
 */

const WIDTH = 64; // about that of a label
const HEIGHT = 20;
const STEP = 8;
const BESIDE = WIDTH / 2 + 2; // from an upright line to a label next to it

/**
 * @param {object[]} ways points of each edge, how many of its pieces are its own, and
 *  whether its label stands beside where its second piece begins, which others share
 * @param {object[]} boxes of the nodes
 * @param {number} width of the chart
 * @returns {number[][]} the middle of each label
 */
export function placeLabels(ways, boxes, width) {
    const taken = boxes.map((box) => ({ ...box }));
    const lines = ways.map(({ points }) => getLines(points));
    return ways.map(({ points, pieces, isBeside }, index) => {
        const others = lines.filter((line, other) => other !== index).flat();
        const candidates = getCandidates(points, pieces);
        if (isBeside) {
            candidates.unshift([points[1][0] + BESIDE, points[0][1]]);
        }
        const isApart = (point) => isFree(point, taken, width);
        const point =
            candidates.find((one) => isApart(one) && isFree(one, others, width)) ||
            candidates.find(isApart) ||
            candidates[0];
        const [x, y] = [clamp(point[0], WIDTH / 2, width - WIDTH / 2), point[1]];
        taken.push(around([x, y]));
        return [x, y];
    });
}

/** What the pieces of a way cover. */
function getLines(points) {
    return points.slice(1).map(([x, y], index) => {
        const [left, top] = [Math.min(x, points[index][0]), Math.min(y, points[index][1])];
        return {
            x: left - 1,
            y: top - 1,
            width: Math.max(x, points[index][0]) - left + 2,
            height: Math.max(y, points[index][1]) - top + 2,
        };
    });
}

/** Points along the pieces of a way: the longest piece first, each from its middle. */
function getCandidates(points, count) {
    const pieces = [];
    for (let index = 0; index < count; index++) {
        const [a, b] = [points[index], points[index + 1]];
        const length = Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
        // along the line of writing a label takes more room, and stands better
        const worth = a[1] === b[1] ? length * 1.5 : length;
        pieces.push({ a, b, length, worth, index });
    }
    pieces.sort((p, q) => q.worth - p.worth || p.index - q.index);
    const along = pieces.flatMap(({ a, b, length }) => {
        const found = [];
        for (let away = 0; away <= length / 2; away += STEP) {
            for (const sign of away ? [-1, 1] : [1]) {
                const share = 0.5 + (sign * away) / (length || 1);
                found.push([a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]);
            }
        }
        return found;
    });
    const beside = pieces.flatMap(({ a, b }) => {
        const [x, y] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
        return [0, STEP, 2 * STEP].flatMap((more) =>
            [-1, 1].map((sign) =>
                a[0] === b[0] ? [x + sign * (BESIDE + more), y] : [x, y + sign * (STEP + more)]
            )
        );
    });
    return [...along, ...beside];
}

function isFree([x, y], taken, width) {
    const box = around([clamp(x, WIDTH / 2, width - WIDTH / 2), y]);
    return !taken.some(
        (other) =>
            box.x < other.x + other.width &&
            other.x < box.x + box.width &&
            box.y < other.y + other.height &&
            other.y < box.y + box.height
    );
}

function around([x, y]) {
    return { x: x - WIDTH / 2, y: y - HEIGHT / 2, width: WIDTH, height: HEIGHT };
}

function clamp(value, least, most) {
    return Math.min(Math.max(value, least), most);
}
