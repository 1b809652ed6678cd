import { onMounted } from "@odoo/owl";

import { findPlace } from "../layout/place";

const SVG = "http://www.w3.org/2000/svg";
const CLICK = 5;

/**
 * Moving stages and drawing moves with mouse or finger, while the map is edited.
 *
 * What is dragged is moved in the document alone; the server hears of it once, when it
 * is let go.
 *
 * @param {object} svgRef
 * @param {object} viewport
 * @param {object} callbacks getLayout, isActive, canMove, onMove, onConnect
 * @returns {(ev: PointerEvent) => boolean} whether a press is ours
 */
export function useMapDrag(svgRef, viewport, callbacks) {
    const drag = new MapDrag(svgRef, viewport, callbacks);
    onMounted(() => {
        const { el } = svgRef;
        el.addEventListener("pointerdown", (ev) => drag.press(ev));
        el.addEventListener("pointermove", (ev) => drag.move(ev));
        el.addEventListener("pointerup", (ev) => drag.release(ev));
        el.addEventListener("pointercancel", () => drag.stop());
        el.addEventListener("click", (ev) => drag.filterClick(ev), { capture: true });
    });
    return (ev) => drag.isOurs(ev);
}

class MapDrag {
    constructor(svgRef, viewport, callbacks) {
        Object.assign(this, { svgRef, viewport, callbacks });
        this.wasDragged = false;
        this.stop();
    }

    isOurs(ev) {
        const { isActive, canMove } = this.callbacks;
        if (!isActive()) {
            return false;
        }
        const onGrip = ev.target.closest(".o_lifecycle_map_grip");
        return Boolean(onGrip || (canMove() && ev.target.closest(".o_lifecycle_map_node")));
    }

    press(ev) {
        if (ev.button > 0 || !this.isOurs(ev)) {
            return;
        }
        const node = ev.target.closest(".o_lifecycle_map_node");
        const box = this.callbacks.getLayout().nodes.get(node.dataset.key);
        this.wasDragged = false;
        this.held = {
            node,
            box,
            key: node.dataset.key,
            isConnecting: Boolean(ev.target.closest(".o_lifecycle_map_grip")),
            from: [ev.clientX, ev.clientY],
            start: this.viewport.locate(ev.clientX, ev.clientY),
            pointerId: ev.pointerId,
        };
    }

    move(ev) {
        const { held } = this;
        if (!held) {
            return;
        }
        const moved = Math.hypot(ev.clientX - held.from[0], ev.clientY - held.from[1]);
        if (!this.wasDragged && moved < CLICK) {
            return;
        }
        if (!this.wasDragged) {
            this.wasDragged = true;
            this.svgRef.el.setPointerCapture(held.pointerId);
            held.mark = this.makeMark(held.isConnecting);
        }
        const at = this.viewport.locate(ev.clientX, ev.clientY);
        if (held.isConnecting) {
            this.stretch(at);
        } else {
            this.shift(at);
        }
    }

    makeMark(isLine) {
        const mark = document.createElementNS(SVG, isLine ? "path" : "rect");
        mark.setAttribute("class", isLine ? "o_lifecycle_map_stretched" : "o_lifecycle_map_slot");
        this.svgRef.el.querySelector(".o_lifecycle_map_viewport").append(mark);
        return mark;
    }

    /** The line of a new move follows the pointer. */
    stretch([x, y]) {
        const { box, mark } = this.held;
        const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
        mark.setAttribute("d", `M${cx},${cy}L${x},${y}`);
    }

    /** The stage follows the pointer; where it would stand is marked. */
    shift([x, y]) {
        const { box, mark, node, start } = this.held;
        const shown = { ...box, x: box.x + x - start[0], y: box.y + y - start[1] };
        node.setAttribute("transform", `translate(${shown.x} ${shown.y})`);
        const place = findPlace(this.callbacks.getLayout(), shown);
        this.held.place = place;
        for (const name of ["x", "y", "width", "height"]) {
            mark.setAttribute(name, place.box[name]);
        }
    }

    release(ev) {
        const { held } = this;
        this.stop();
        if (!held || !held.mark) {
            return;
        }
        if (held.isConnecting) {
            const under = document.elementsFromPoint(ev.clientX, ev.clientY);
            const node = under.map((el) => el.closest(".o_lifecycle_map_node")).find(Boolean);
            if (node && node.dataset.key !== held.key) {
                this.callbacks.onConnect(held.key, node.dataset.key);
            }
            return;
        }
        held.node.setAttribute("transform", `translate(${held.box.x} ${held.box.y})`);
        if (held.place) {
            this.callbacks.onMove(held.key, held.place);
        }
    }

    stop() {
        this.held?.mark?.remove();
        this.held = null;
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
