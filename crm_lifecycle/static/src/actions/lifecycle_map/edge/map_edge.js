import { Component } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";

import { formatCount, formatShare } from "../map_format";
import { ICONS } from "../map_icons";
import { measureText } from "../map_text";

const FONT = "600 11px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const WIDTHS = [1.6, 7]; // of an edge without traffic, and of the one with the most

/** One way from stage to stage, as thick as its traffic. */
export class MapEdge extends Component {
    static template = "crm_lifecycle.MapEdge";
    static props = {
        edge: Object,
        way: Object,
        names: Array,
        peak: Number,
        departed: Number,
        isSelected: { type: Boolean, optional: true },
        isFaded: { type: Boolean, optional: true },
        mark: { type: [Object, { value: null }], optional: true },
        isPath: { type: Boolean, optional: true },
        isFilm: { type: Boolean, optional: true },
        onSelect: Function,
        onOpen: Function,
    };

    ICONS = ICONS;

    get width() {
        const share = Math.sqrt((this.props.edge.count || 0) / this.props.peak);
        return WIDTHS[0] + (WIDTHS[1] - WIDTHS[0]) * share;
    }

    /** Dots that run along while a film shows who has moved; not where motion is unwanted. */
    get dots() {
        const isCalm = browser.matchMedia("(prefers-reduced-motion: reduce)").matches;
        const { edge, isFilm } = this.props;
        return isFilm && edge.count && !isCalm ? Math.min(4 + edge.count, 9) : 0;
    }

    get isAutomatic() {
        const { moves } = this.props.edge;
        return moves.length > 0 && moves.every((move) => move.trigger === "auto");
    }

    get isBroken() {
        return this.props.edge.moves.some((move) => move.broken);
    }

    get share() {
        const { edge, departed } = this.props;
        return edge.passage || !departed || this.props.isFilm
            ? ""
            : formatShare(edge.count, departed);
    }

    /** The pill on the edge: its signs and its figures. */
    get label() {
        const { edge, way } = this.props;
        const isTold = edge.count > (this.props.isPath ? 1 : 0);
        const text = isTold ? formatCount(edge.count) : "";
        const share = edge.count ? this.share : "";
        const signs = [
            this.isBroken && "broken",
            this.isAutomatic && "auto",
            edge.exceptions && "bolt",
        ].filter(Boolean);
        const textWidth = text ? measureText(text, FONT) : 0;
        const shareWidth = share ? measureText(share, FONT) + 5 : 0;
        const width = signs.length * 13 + textWidth + shareWidth + 10;
        const [x, y] = way.label;
        return {
            x: x - width / 2,
            y: y - 9,
            width,
            text,
            share,
            signs,
            textX: 5 + signs.length * 13,
            shareX: 5 + signs.length * 13 + textWidth + 5,
            isShown: Boolean(text || signs.length),
        };
    }

    get title() {
        const { edge, names } = this.props;
        const parts = [`${names[0]} → ${names[1]}`, _t("%s in the period", edge.count || 0)];
        if (this.share) {
            parts.push(_t("%s of those who left", this.share));
        }
        if (!edge.drawn) {
            parts.push(_t("not drawn"));
        }
        if (edge.exceptions) {
            parts.push(_t("%s by an exception", edge.exceptions));
        }
        if (edge.returned) {
            parts.push(_t("%s returned", edge.returned));
        }
        if (this.isBroken) {
            parts.push(_t("its condition cannot be used"));
        }
        return parts.join(", ");
    }

    get classes() {
        const { edge, isSelected, isFaded, isPath, mark } = this.props;
        return {
            o_off_chart: !edge.drawn || edge.wasOff,
            o_taken: isPath && edge.count,
            o_idle: edge.drawn && !edge.count,
            o_selected: isSelected,
            o_faded: isFaded,
            [`o_mark_${mark && mark.kind}`]: Boolean(mark),
        };
    }

    get marker() {
        const suffix = this.props.edge.drawn ? "" : "_off";
        return `url(#o_lifecycle_map_arrow${suffix})`;
    }

    onKeydown(ev) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            ev.stopPropagation();
            this.props.onSelect(this.props.edge);
        }
    }
}
