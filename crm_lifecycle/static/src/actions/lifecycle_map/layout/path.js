/** Ways as SVG paths. */

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
