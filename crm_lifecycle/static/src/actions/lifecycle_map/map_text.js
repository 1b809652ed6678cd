/** Texts that fit: SVG does not break or cut them by itself. */

let context = null;
const widths = new Map();

/**
 * @param {string} text
 * @param {string} font as in CSS
 * @returns {number} width in pixels
 */
export function measureText(text, font) {
    const key = `${font}|${text}`;
    if (!widths.has(key)) {
        context = context || document.createElement("canvas").getContext("2d");
        context.font = font;
        if (widths.size > 5000) {
            widths.clear();
        }
        widths.set(key, context.measureText(text).width);
    }
    return widths.get(key);
}

/**
 * @param {string} text
 * @param {number} width
 * @param {string} font as in CSS
 * @returns {string} the text, cut with an ellipsis when it is too long
 */
export function fitText(text, width, font) {
    if (measureText(text, font) <= width) {
        return text;
    }
    let [low, high] = [0, text.length];
    while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (measureText(`${text.slice(0, middle).trimEnd()}…`, font) <= width) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return `${text.slice(0, low).trimEnd()}…`;
}
