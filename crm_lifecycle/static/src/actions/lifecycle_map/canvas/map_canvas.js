import { Component, useEffect, useRef, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

import { MapEdge } from "../edge/map_edge";
import { MapLane } from "../lane/map_lane";
import { getEdgeKey } from "../layout/layout";
import { MapNode } from "../node/map_node";
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
        NodeComponent: { type: Function, optional: true },
        isPath: { type: Boolean, optional: true },
        slots: { type: Object, optional: true },
    };

    setup() {
        this.model = useState(this.props.model);
        this.svgRef = useRef("svg");
        this.groupRef = useRef("group");
        this.viewport = useViewport(this.svgRef, this.groupRef, () => this.model.layout);
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
        return chart.edges
            .map((edge) => ({
                edge,
                key: getEdgeKey(edge),
                way: layout.edges.get(getEdgeKey(edge)),
                names: [names.get(edge.source), names.get(edge.target)],
                departed: departed.get(edge.source) || 0,
                isSelected: this.model.isSelected(edge),
                isFaded: this.isEdgeFaded(edge),
                mark: this.getMark("edges", getEdgeKey(edge)),
            }))
            .filter(({ way }) => way)
            .sort((a, b) => a.isSelected - b.isSelected);
    }

    get nodes() {
        const { chart, layout } = this.model;
        const jam = chart.bottleneck && chart.bottleneck.key;
        return chart.nodes
            .map((node) => ({
                node,
                box: layout.nodes.get(node.key),
                isSelected: this.model.isSelected(node),
                isFaded: this.isNodeFaded(node),
                hasChanged: this.model.changed.has(node.key),
                isJam: node.key === jam,
                mark: this.getMark("nodes", node.key),
            }))
            .filter(({ box }) => box);
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
        if (!selection) {
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
        if (!selection || !selected) {
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
        return this.model.openRecords(node, detail);
    }

    openEdge(edge, detail) {
        return this.model.openRecords(edge, detail);
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
