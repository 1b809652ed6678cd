import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

/** A move of the draft: what brings it about is set in its form. */
export class MapEditEdge extends Component {
    static template = "crm_lifecycle.MapEditEdge";
    static props = { model: Object, edge: Object };

    setup() {
        this.dialog = useService("dialog");
    }

    get editor() {
        return this.props.model.editor;
    }

    getName(key) {
        return this.props.model.getNode(key).name;
    }

    describe(move) {
        const trigger = move.trigger === "auto" ? _t("By itself") : _t("By hand");
        return [move.name || trigger, move.condition].filter(Boolean).join(": ");
    }

    openForm(move) {
        this.dialog.add(FormViewDialog, {
            resModel: "crm.lifecycle.transition",
            resId: move.id,
            title: `${this.getName(this.props.edge.source)} → ${this.getName(this.props.edge.target)}`,
            onRecordSaved: () => this.editor.reload(),
        });
    }

    draw() {
        const { source, target } = this.props.edge;
        return this.editor.connect(source, target);
    }
}
