/** Edges that run on one line are drawn beside each other, in the order of their ways. */

const STEP = 16;
const ROOM = 48; // at most so far apart, the first and the last

/**
 * Shift the pieces of the ways that lie on each other, in place.
 *
 * @param {Map<object, number[][]>} ways points of each edge
 * @param {(edge: object) => string} getGroup edges of one group stay together
 */
export function spreadWays(ways, getGroup) {
    for (const axis of [0, 1]) {
        for (const pieces of groupPieces(ways, axis, getGroup)) {
            shift(pieces, axis);
        }
    }
}

/** The pieces across ``axis`` on one line that touch each other, as lists. */
function groupPieces(ways, axis, getGroup) {
    const lines = new Map();
    for (const [edge, points] of ways) {
        for (let index = 0; index + 1 < points.length; index++) {
            const [a, b] = [points[index], points[index + 1]];
            if (a[axis] !== b[axis] || a[1 - axis] === b[1 - axis]) {
                continue;
            }
            const [start, end] = [a[1 - axis], b[1 - axis]].sort((x, y) => x - y);
            const piece = { edge, points, index, start, end, group: getGroup(edge) };
            lines.set(a[axis], [...(lines.get(a[axis]) || []), piece]);
        }
    }
    return [...lines.values()].flatMap(splitApart);
}

function splitApart(pieces) {
    const sorted = [...pieces].sort((a, b) => a.start - b.start || a.end - b.end);
    const clusters = [];
    let reach = -Infinity;
    for (const piece of sorted) {
        if (piece.start >= reach) {
            clusters.push([]);
        }
        clusters.at(-1).push(piece);
        reach = Math.max(reach, piece.end);
    }
    return clusters.filter((cluster) => new Set(cluster.map((p) => p.group)).size > 1);
}

/**
 * To which side a way leaves one of its pieces; of those to the same side, the one that
 * leaves first is the outermost, so that it crosses none of them.
 */
function getLean({ points, index, start, end }, axis) {
    const at = points[index][axis];
    const before = index > 0 ? points[index - 1][axis] - at : 0;
    const after = index + 2 < points.length ? points[index + 2][axis] - at : 0;
    return (Math.sign(before) + Math.sign(after)) * (1 + 10 / (10 + end - start));
}

function shift(pieces, axis) {
    const leans = new Map();
    for (const piece of pieces) {
        const lean = getLean(piece, axis);
        leans.set(piece.group, (leans.get(piece.group) || 0) + lean);
    }
    const groups = [...leans.keys()].sort((a, b) => leans.get(a) - leans.get(b));
    const step = Math.min(STEP, ROOM / (groups.length - 1));
    for (const { points, index, group } of pieces) {
        const offset = (groups.indexOf(group) - (groups.length - 1) / 2) * step;
        for (const at of [index, index + 1]) {
            points[at] = [...points[at]];
            points[at][axis] += offset;
        }
    }
}
