import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

import { formatAmount, formatDecimal, formatShare, formatStay } from "../map_format";
import { ICONS } from "../map_icons";
import { MapTrend } from "../trend/map_trend";
import { MapRecords } from "./map_records";

const STATES = [
    { name: "late", label: _t("late"), states: ["late"] },
    { name: "soon", label: _t("due soon"), states: ["soon"] },
    { name: "ok", label: _t("on time"), states: ["running"] },
    { name: "none", label: _t("without limit"), states: ["paused", "idle", false] },
];

/** A stage in figures: every one opens what it counts. */
export class MapNodePanel extends Component {
    static template = "crm_lifecycle.MapNodePanel";
    static components = { MapRecords, MapTrend };
    static props = { model: Object, node: Object };

    ICONS = ICONS;

    get states() {
        const { states } = this.props.node;
        return STATES.map((state) => ({ ...state, count: states[state.name] })).filter(
            ({ count }) => count
        );
    }

    get amount() {
        const { node, model } = this.props;
        return node.amount ? formatAmount(node.amount, model.context.currency_id) : "";
    }

    get jam() {
        const { bottleneck } = this.props.model.chart;
        return bottleneck && bottleneck.key === this.props.node.key ? bottleneck : null;
    }

    get stay() {
        const { median_hours: median, p90_hours: p90 } = this.props.node;
        return median ? { median: formatStay(median), p90: formatStay(p90) } : null;
    }

    get onward() {
        const { node } = this.props;
        const isPassed = node.phase === "lead" && node.outcome === "open" && node.departed;
        return isPassed ? formatShare(node.onward, node.departed) : "";
    }

    /** Who has how much of it. */
    get people() {
        const { owners, nobody, count } = this.props.node;
        const people = owners.map((owner) => ({ ...owner, share: (100 * owner.count) / count }));
        if (nobody) {
            const share = (100 * nobody) / count;
            people.push({ id: false, name: _t("Nobody"), count: nobody, share });
        }
        return people;
    }

    get load() {
        const { owners, count, nobody } = this.props.node;
        return owners.length > 1 ? formatDecimal((count - nobody) / owners.length) : "";
    }

    /** Where those who left have gone, the most frequent first. */
    get departures() {
        const { model, node } = this.props;
        return model
            .getEdges(node.key, "source")
            .filter((edge) => edge.count && !edge.passage)
            .map((edge) => ({
                edge,
                name: model.getNode(edge.target).name,
                share: formatShare(edge.count, node.departed),
            }))
            .sort((a, b) => b.edge.count - a.edge.count);
    }

    open(detail) {
        return this.props.model.openRecords(this.props.node, detail);
    }

    select({ source, target }) {
        this.props.model.select({ kind: "edge", source, target });
    }
}
