/** Ways as SVG paths, and where their labels go. */

const RADIUS = 12;

/**
 * A way with rounded corners.
 *
 * @param {number[][]} points
 * @returns {string} the ``d`` of an SVG path
 */
export function toPath(points) {
    let path = `M${write(points[0])}`;
    for (let index = 1; index + 1 < points.length; index++) {
        const [before, corner, after] = points.slice(index - 1, index + 2);
        const radius = Math.min(RADIUS, distance(before, corner) / 2, distance(corner, after) / 2);
        const [start, end] = [toward(corner, before, radius), toward(corner, after, radius)];
        path += `L${write(start)}Q${write(corner)} ${write(end)}`;
    }
    return `${path}L${write(points.at(-1))}`;
}

/**
 * The middle of the longest piece of a way, of those along the line of writing if one
 * is long enough.
 *
 * @param {number[][]} points
 * @param {boolean} atStart leave out the last piece, which others share
 * @returns {number[]}
 */
export function getLabelPoint(points, atStart = false) {
    let best = null;
    const last = atStart ? Math.max(2, points.length - 1) : points.length;
    for (let index = 0; index + 1 < last; index++) {
        const [a, b] = [points[index], points[index + 1]];
        const flat = a[1] === b[1] ? 1.5 : 1;
        const length = distance(a, b) * flat;
        if (!best || length > best.length) {
            best = { length, point: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] };
        }
    }
    return best.point;
}

function distance(a, b) {
    return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
}

function toward(from, to, length) {
    const whole = distance(from, to) || 1;
    return [
        from[0] + ((to[0] - from[0]) * length) / whole,
        from[1] + ((to[1] - from[1]) * length) / whole,
    ];
}

function write([x, y]) {
    return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}
