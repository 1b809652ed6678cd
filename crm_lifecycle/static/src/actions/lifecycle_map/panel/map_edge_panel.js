import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

import { formatShare } from "../map_format";
import { MapRecords } from "./map_records";

/** A move in figures: how many took it, how, and which. */
export class MapEdgePanel extends Component {
    static template = "crm_lifecycle.MapEdgePanel";
    static components = { MapRecords };
    static props = { model: Object, edge: Object };

    get source() {
        return this.props.model.getNode(this.props.edge.source);
    }

    get target() {
        return this.props.model.getNode(this.props.edge.target);
    }

    get share() {
        const { edge } = this.props;
        return edge.passage ? "" : formatShare(edge.count, this.source.departed);
    }

    get moves() {
        return this.props.edge.moves.map((move, index) => ({
            ...move,
            index,
            text:
                move.trigger === "auto" ? _t("By itself, when its condition holds") : _t("By hand"),
        }));
    }

    open(detail) {
        return this.props.model.openRecords(this.props.edge, detail);
    }
}
