import { onMounted, onWillUnmount } from "@odoo/owl";

const LIMITS = [0.2, 2.5];
const CLICK = 5; // pixels the pointer may move while clicking
const MARGIN = 16;
const BELOW = 56; // where the legend and the bottleneck are told
const LEGIBLE = 0.68; // the scale down to which texts are read with ease

/**
 * Panning and zooming of an SVG: by mouse, wheel, fingers and code.
 *
 * Only the transformation of one group changes, drawn once per frame and without the
 * components knowing.
 *
 * @param {object} svgRef
 * @param {object} groupRef
 * @param {() => {width: number, height: number}} getSize of what is shown
 * @param {(ev: PointerEvent) => boolean} isHeld whether somebody else takes a press
 * @returns {object} viewport
 */
export function useViewport(svgRef, groupRef, getSize, isHeld) {
    const viewport = new Viewport(svgRef, groupRef, getSize, isHeld);
    const listeners = [
        ["pointerdown", (ev) => viewport.press(ev)],
        ["pointermove", (ev) => viewport.move(ev)],
        ["pointerup", (ev) => viewport.release(ev)],
        ["pointercancel", (ev) => viewport.release(ev)],
        ["wheel", (ev) => viewport.turnWheel(ev)],
        ["click", (ev) => viewport.filterClick(ev)],
    ];
    onMounted(() => {
        for (const [type, handler] of listeners) {
            const capture = type === "click";
            svgRef.el.addEventListener(type, handler, { passive: false, capture });
        }
        viewport.fit(false);
    });
    onWillUnmount(() => cancelAnimationFrame(viewport.frame));
    return viewport;
}

class Viewport {
    constructor(svgRef, groupRef, getSize, isHeld) {
        Object.assign(this, { svgRef, groupRef, getSize, isHeld });
        Object.assign(this, { x: 0, y: 0, scale: 1, frame: 0 });
        this.pointers = new Map();
        this.wasDragged = false;
    }

    get bounds() {
        return this.svgRef.el.getBoundingClientRect();
    }

    /** Draw in the next frame. */
    apply() {
        cancelAnimationFrame(this.frame);
        this.frame = requestAnimationFrame(() => this.draw());
    }

    draw() {
        const { x, y, scale } = this;
        if (this.groupRef.el) {
            this.groupRef.el.setAttribute(
                "transform",
                `translate(${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}) scale(${scale})`
            );
        }
    }

    // ------------------------------------------------------------
    // By code
    // ------------------------------------------------------------

    /**
     * Show all of it, or as much as is legible.
     *
     * @param {boolean} whole down to the smallest scale
     */
    fit(whole = true) {
        const { width, height } = this.getSize();
        const bounds = this.bounds;
        const room = [bounds.width - 2 * MARGIN, bounds.height - MARGIN - BELOW];
        if (bounds.width < 600) {
            room[0] = bounds.width;
        }
        const across = room[0] / width;
        const all = Math.min(across, room[1] / height);
        const least = whole || all >= LEGIBLE ? all : across;
        this.scale = clamp(least, whole ? LIMITS[0] : 0.55, bounds.width < 600 ? 1 : 1.25);
        this.x = Math.max((bounds.width - width * this.scale) / 2, 0);
        const free = bounds.height - BELOW - height * this.scale;
        this.y = Math.max(free / 2, bounds.width < 600 ? 0 : MARGIN);
        this.draw();
    }

    /**
     * @param {number} factor
     * @param {number[]} [center] in the SVG; its middle when not given
     */
    zoom(factor, center) {
        const bounds = this.bounds;
        const [cx, cy] = center || [bounds.width / 2, bounds.height / 2];
        const scale = clamp(this.scale * factor, ...LIMITS);
        const real = scale / this.scale;
        this.x = cx - (cx - this.x) * real;
        this.y = cy - (cy - this.y) * real;
        this.scale = scale;
        this.apply();
    }

    pan(dx, dy) {
        this.x += dx;
        this.y += dy;
        this.apply();
    }

    /** Bring a box into view, with the least movement. */
    reveal(box) {
        const bounds = this.bounds;
        const [left, top] = [this.x + box.x * this.scale, this.y + box.y * this.scale];
        const [right, bottom] = [left + box.width * this.scale, top + box.height * this.scale];
        const dx = getShift(left, right, bounds.width);
        const dy = getShift(top, bottom, bounds.height);
        if (dx || dy) {
            this.pan(dx, dy);
        }
    }

    /** A point of the screen in the chart's own measure. */
    locate(clientX, clientY) {
        const { left, top } = this.bounds;
        return [(clientX - left - this.x) / this.scale, (clientY - top - this.y) / this.scale];
    }

    // ------------------------------------------------------------
    // By hand
    // ------------------------------------------------------------

    press(ev) {
        if (ev.button > 0 || this.isHeld(ev)) {
            return;
        }
        if (!this.pointers.size) {
            this.wasDragged = false;
        }
        const at = [ev.clientX, ev.clientY];
        this.pointers.set(ev.pointerId, { at, from: at });
    }

    move(ev) {
        const pointer = this.pointers.get(ev.pointerId);
        if (!pointer) {
            return;
        }
        if (ev.pointerType === "mouse" && !ev.buttons) {
            this.pointers.clear();
            return;
        }
        const before = this.measure();
        pointer.at = [ev.clientX, ev.clientY];
        const moved = Math.hypot(ev.clientX - pointer.from[0], ev.clientY - pointer.from[1]);
        if (!this.wasDragged && moved < CLICK) {
            return;
        }
        if (!this.wasDragged) {
            this.wasDragged = true;
            this.svgRef.el.setPointerCapture(ev.pointerId);
        }
        const after = this.measure();
        const { left, top } = this.bounds;
        if (this.pointers.size > 1 && before.spread) {
            this.zoom(after.spread / before.spread, [after.x - left, after.y - top]);
        }
        this.pan(after.x - before.x, after.y - before.y);
    }

    release(ev) {
        this.pointers.delete(ev.pointerId);
    }

    /** Middle of the fingers, and how far they are apart. */
    measure() {
        const points = [...this.pointers.values()].map((pointer) => pointer.at);
        const x = points.reduce((sum, point) => sum + point[0], 0) / points.length;
        const y = points.reduce((sum, point) => sum + point[1], 0) / points.length;
        const spread = points.length > 1 ? Math.hypot(points[0][0] - x, points[0][1] - y) : 0;
        return { x, y, spread };
    }

    turnWheel(ev) {
        ev.preventDefault();
        const { left, top } = this.bounds;
        const isMouse = ev.deltaMode || (!ev.deltaX && Math.abs(ev.deltaY) >= 50);
        if (ev.ctrlKey || (isMouse && !ev.shiftKey)) {
            const speed = ev.ctrlKey && !isMouse ? 0.01 : 0.0015;
            const delta = ev.deltaMode ? ev.deltaY * 30 : ev.deltaY;
            this.zoom(Math.exp(-delta * speed), [ev.clientX - left, ev.clientY - top]);
            return;
        }
        const [dx, dy] = ev.shiftKey ? [ev.deltaY, 0] : [ev.deltaX, ev.deltaY];
        this.pan(-dx, -dy);
    }

    /** What ends a drag is no click. */
    filterClick(ev) {
        if (this.wasDragged) {
            ev.stopPropagation();
            ev.preventDefault();
            this.wasDragged = false;
        }
    }
}

function clamp(value, least, most) {
    return Math.min(Math.max(value, least), most);
}

function getShift(start, end, room) {
    if (start < MARGIN) {
        return MARGIN - start;
    }
    return end > room - MARGIN ? Math.max(room - MARGIN - end, MARGIN - start) : 0;
}
