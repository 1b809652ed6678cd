import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

import { formatShare } from "../map_format";

const KINDS = { skip: _t("Skipped"), back: _t("Back"), undrawn: _t("Not drawn") };

/** What really happened against what is drawn. */
export class MapConformance extends Component {
    static template = "crm_lifecycle.MapConformance";
    static props = { model: Object, onClose: Function, onDraw: Function };

    KINDS = KINDS;

    setup() {
        this.model = useState(this.props.model);
        this.state = useState({ found: null });
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    async load() {
        this.state.found = await this.model.call("get_lifecycle_conformance", [this.model.options]);
    }

    get fitness() {
        const { moves, fit } = this.state.found;
        return formatShare(fit, moves) || "–";
    }

    getShare(part, whole) {
        return formatShare(part, whole);
    }

    show({ source, target }) {
        this.model.select({ kind: "edge", source, target });
    }

    open(way) {
        const detail = { kind: "move", only: "deviations", revisions: way.revisions };
        return this.model.openRecords(way, detail);
    }
}
