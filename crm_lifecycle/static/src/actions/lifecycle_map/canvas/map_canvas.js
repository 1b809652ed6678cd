import { Component, useEffect, useRef, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

import { MapEdge } from "../edge/map_edge";
import { MapLane } from "../lane/map_lane";
import { getEdgeKey } from "../layout/layout";
import { MapNode } from "../node/map_node";
import { useMapDrag } from "../editor/map_drag";
import { useViewport } from "../viewport";

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/** The drawing itself: lanes, edges, nodes; panned and zoomed as one group. */
export class MapCanvas extends Component {
    static template = "crm_lifecycle.MapCanvas";
    static components = { MapEdge, MapLane, MapNode };
    static props = {
        model: Object,
        marks: { type: Object, optional: true },
        onReady: { type: Function, optional: true },
        onEdit: { type: Function, optional: true },
        NodeComponent: { type: Function, optional: true },
        isPath: { type: Boolean, optional: true },
        slots: { type: Object, optional: true },
    };

    setup() {
        this.model = useState(this.props.model);
        this.svgRef = useRef("svg");
        this.groupRef = useRef("group");
        let isDragged = () => false;
        this.viewport = useViewport(
            this.svgRef,
            this.groupRef,
            () => this.model.layout,
            (ev) => isDragged(ev)
        );
        isDragged = useMapDrag(this.svgRef, this.viewport, {
            getLayout: () => this.model.layout,
            isActive: () => this.isEditing,
            canMove: () => this.model.display.direction === "right",
            onMove: (key, place) => this.moveNode(key, place),
            onConnect: (source, target) => this.model.editor.connect(source, target),
        });
        useEffect(
            () => this.viewport.fit(Boolean(this.props.isPath)),
            () => [this.model.chart.process.id, this.model.display.direction]
        );
        useEffect(
            (selected) => selected && selected.key && this.reveal(selected.key),
            () => [this.model.selected]
        );
        if (this.props.onReady) {
            this.props.onReady(this);
        }
    }

    get isEditing() {
        return Boolean(!this.props.isPath && this.model.editor.isActive);
    }

    /** A stage was dropped; in the lane of another department it goes over to that. */
    moveNode(key, { position, lane }) {
        const node = this.model.getNode(key);
        const values = { position };
        if (lane !== "lost" && (node.outcome !== "lost" || lane)) {
            values.department = lane || false;
        }
        return this.model.editor.write(key, values);
    }

    get NodeComponent() {
        return this.props.NodeComponent || MapNode;
    }

    get rtl() {
        return this.model.display.rtl;
    }

    get label() {
        return _t("Process map of %s", this.model.chart.process.name);
    }

    /** Lanes with what they need to be drawn. */
    get lanes() {
        const { lanes } = this.model.layout;
        const departments = [...new Set(lanes.map(({ name }) => name).filter(Boolean))];
        return lanes.map((lane, index) => ({
            lane,
            key: `${lane.phase}/${lane.name}`,
            isFirst: !index || lanes[index - 1].phase !== lane.phase,
            color:
                lane.name && lane.name !== "lost" ? 1 + (departments.indexOf(lane.name) % 11) : 0,
        }));
    }

    get edges() {
        const { chart, layout } = this.model;
        const names = new Map(chart.nodes.map((node) => [node.key, node.name]));
        const departed = new Map(chart.nodes.map((node) => [node.key, node.departed]));
        const film = this.film;
        return chart.edges
            .map((edge) => ({
                edge: film ? showTraffic(edge, film) : edge,
                key: getEdgeKey(edge),
                way: layout.edges.get(getEdgeKey(edge)),
                names: [names.get(edge.source), names.get(edge.target)],
                departed: departed.get(edge.source) || 0,
                isSelected: this.model.isSelected(edge),
                isFaded: this.isEdgeFaded(edge),
                mark: this.getMark("edges", getEdgeKey(edge)),
                isFilm: Boolean(film),
            }))
            .filter(({ way }) => way)
            .sort((a, b) => a.isSelected - b.isSelected);
    }

    get nodes() {
        const { chart, layout } = this.model;
        const film = this.film;
        const jam = !film && chart.bottleneck && chart.bottleneck.key;
        return chart.nodes
            .map((node) => ({
                node: film ? showFrame(node, film) : node,
                box: layout.nodes.get(node.key),
                isSelected: this.model.isSelected(node),
                isFaded: this.isNodeFaded(node),
                hasChanged: this.model.changed.has(node.key),
                isJam: node.key === jam,
                mark: this.getMark("nodes", node.key),
            }))
            .filter(({ box }) => box);
    }

    /** The film, while it runs between two moments of which all numbers are known. */
    get film() {
        const { film, options } = this.model;
        const isRunning = film && film.isOpen && (options.as_of || false) !== film.shown;
        return isRunning ? film : null;
    }

    getMark(kind, key) {
        return (this.props.marks && this.props.marks[kind].get(key)) || null;
    }

    /** With a selection, what it is not joined to steps back. */
    isEdgeFaded(edge) {
        if (this.props.isPath) {
            return !edge.count;
        }
        if (this.props.marks && this.props.marks.fades) {
            return !this.getMark("edges", getEdgeKey(edge));
        }
        const { selection } = this.model;
        if (!selection || this.isEditing) {
            return false;
        }
        return selection.kind === "node"
            ? edge.source !== selection.key && edge.target !== selection.key
            : !this.model.isSelected(edge);
    }

    isNodeFaded(node) {
        if (this.props.isPath) {
            return false;
        }
        if (this.props.marks && this.props.marks.fades) {
            return !this.getMark("nodes", node.key);
        }
        const { selection, selected } = this.model;
        if (!selection || !selected || this.isEditing) {
            return false;
        }
        if (selection.kind === "edge") {
            return node.key !== selection.source && node.key !== selection.target;
        }
        const joined = this.model.chart.edges.some(
            ({ source, target }) =>
                (source === selection.key && target === node.key) ||
                (target === selection.key && source === node.key)
        );
        return node.key !== selection.key && !joined;
    }

    // ------------------------------------------------------------
    // Selecting, by mouse and keys
    // ------------------------------------------------------------

    selectNode(node) {
        this.model.select({ kind: "node", key: node.key });
    }

    /** After the panel has taken its room. */
    reveal(key) {
        this.viewport.reveal(this.model.layout.nodes.get(key));
    }

    selectEdge({ source, target }) {
        this.model.select({ kind: "edge", source, target });
    }

    openNode(node, detail) {
        return this.open(node, detail);
    }

    openEdge(edge, detail) {
        return this.open(edge, detail);
    }

    /** The records behind a number; while one draws, the form. */
    open(item, detail) {
        if (this.isEditing) {
            return this.props.onEdit(item);
        }
        return this.film || this.props.isPath ? null : this.model.openRecords(item, detail);
    }

    clear() {
        this.model.select(null);
    }

    onKeydown(ev) {
        if (ARROWS[ev.key]) {
            ev.preventDefault();
            this.moveFocus(ARROWS[ev.key]);
        } else if (ev.key === "+" || ev.key === "-") {
            this.viewport.zoom(ev.key === "+" ? 1.2 : 1 / 1.2);
        } else if (ev.key === "0") {
            this.viewport.fit();
        } else if (ev.key === "Escape") {
            this.clear();
        }
    }

    /** Go to the nearest stage in a direction; without one in focus, to the first. */
    moveFocus([dx, dy]) {
        const { layout, chart } = this.model;
        const focused = document.activeElement.closest(".o_lifecycle_map_node");
        const from = focused && layout.nodes.get(focused.dataset.key);
        let best = from ? null : chart.nodes[0].key;
        let least = Infinity;
        for (const [key, box] of from ? layout.nodes : []) {
            const along = (box.x - from.x) * dx + (box.y - from.y) * dy;
            const aside = Math.abs((box.x - from.x) * dy) + Math.abs((box.y - from.y) * dx);
            const distance = along + 2 * aside;
            if (along > 0 && distance < least) {
                [best, least] = [key, distance];
            }
        }
        if (best) {
            const selector = `.o_lifecycle_map_node[data-key="${CSS.escape(best)}"]`;
            this.svgRef.el.querySelector(selector).focus({ preventScroll: true });
            this.reveal(best);
        }
    }
}

/** A stage as a film shows it: of a moment in between, only how many stand there. */
function showFrame(node, film) {
    const count = film.getCount(node.key);
    return {
        ...node,
        count,
        amount: 0,
        states: { late: 0, soon: 0, ok: 0, none: 0 },
        owners: [],
        nobody: 0,
        median_hours: false,
        onward: 0,
    };
}

/** An edge as a film shows it: who took it since the moment before. */
function showTraffic(edge, film) {
    const count = film.getTraffic(edge.passage ? null : edge.source, edge.target);
    return { ...edge, count, exceptions: 0, returned: 0 };
}
