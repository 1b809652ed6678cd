import { Component, useState } from "@odoo/owl";

/** What the checker says of the draft: five marks, and each finding with its place. */
export class MapChecker extends Component {
    static template = "crm_lifecycle.MapChecker";
    static props = { model: Object };

    ICONS = {
        blocker: "ban text-danger",
        defect: "exclamation-triangle text-warning",
        hint: "lightbulb-o text-info",
    };

    setup() {
        this.model = useState(this.props.model);
    }

    get editor() {
        return this.model.editor;
    }

    getPercent(mark) {
        return Math.round(mark.share * 100);
    }

    show({ stage, target }) {
        if (stage && target) {
            this.model.select({ kind: "edge", source: stage, target });
        } else if (stage) {
            this.model.select({ kind: "node", key: stage });
        }
    }
}
