/** The map as a picture that needs nothing else: SVG with its styles and faces in it. */
import { browser } from "@web/core/browser/browser";

const STYLES = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-opacity",
    "opacity",
    "font-size",
    "font-weight",
    "font-family",
    "letter-spacing",
    "text-anchor",
    "text-transform",
];
const MARGIN = 24;
const MAX_SIDE = 12000; // of a canvas

/**
 * @param {SVGElement} svg the canvas of a map
 * @param {{width: number, height: number}} size of the chart
 * @param {string} title
 * @returns {Promise<string>} the text of an SVG file
 */
export async function makeSvg(svg, size, title) {
    const copy = svg.cloneNode(true);
    copyStyles(svg, copy);
    for (const element of copy.querySelectorAll(".o_reach, .o_shade, .o_lifecycle_map_grip")) {
        element.remove();
    }
    await embedImages(copy);
    const [width, height] = [size.width + 2 * MARGIN, size.height + 2 * MARGIN];
    const ground = getComputedStyle(svg.closest(".o_lifecycle_map_content") || svg);
    copy.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${width} ${height}`);
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("style", `background:${ground.backgroundColor}`);
    copy.querySelector(".o_lifecycle_map_viewport").removeAttribute("transform");
    const heading = document.createElementNS("http://www.w3.org/2000/svg", "title");
    heading.textContent = title;
    copy.prepend(heading);
    return new XMLSerializer().serializeToString(copy);
}

/** Write what the style sheets say onto each element: a file has none. */
function copyStyles(from, to) {
    const originals = [from, ...from.querySelectorAll("*")];
    const copies = [to, ...to.querySelectorAll("*")];
    originals.forEach((original, index) => {
        const computed = getComputedStyle(original);
        const copy = copies[index];
        for (const name of STYLES) {
            const value = computed.getPropertyValue(name);
            if (value && value !== "none" && value !== "normal") {
                copy.style.setProperty(name, value);
            }
        }
        if (computed.fill === "none") {
            copy.style.setProperty("fill", "none");
        }
        for (const name of ["tabindex", "role", "aria-pressed"]) {
            copy.removeAttribute(name);
        }
    });
}

async function embedImages(svg) {
    const images = [...svg.querySelectorAll("image")];
    const known = new Map();
    for (const url of new Set(images.map((image) => image.getAttribute("href")))) {
        known.set(url, await readAsData(url));
    }
    for (const image of images) {
        const data = known.get(image.getAttribute("href"));
        if (data) {
            image.setAttribute("href", data);
        } else {
            image.remove();
        }
    }
}

async function readAsData(url) {
    try {
        const response = await browser.fetch(url);
        const blob = await response.blob();
        return await new Promise((resolve, reject) => {
            const reader = new FileReader();
            reader.onload = () => resolve(reader.result);
            reader.onerror = () => reject(reader.error);
            reader.readAsDataURL(blob);
        });
    } catch {
        return null; // a picture without a face is better than none
    }
}

/**
 * @param {string} svg the text of an SVG file
 * @param {{width: number, height: number}} size of the chart
 * @returns {Promise<Blob>} a PNG file
 */
export async function makePng(svg, size) {
    const [width, height] = [size.width + 2 * MARGIN, size.height + 2 * MARGIN];
    const scale = Math.min(2, MAX_SIDE / Math.max(width, height));
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
