import { Component, onMounted, useRef } from "@odoo/owl";

import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

/** A stage of the draft: what is set most is set here, all else in its form. */
export class MapEditNode extends Component {
    static template = "crm_lifecycle.MapEditNode";
    static components = { Dropdown, DropdownItem, RecordSelector };
    static props = { model: Object, node: Object };

    COLORS = Array.from({ length: 12 }, (_, index) => index);
    OUTCOMES = [
        { value: "open", label: _t("In Progress") },
        { value: "won", label: _t("Won") },
        { value: "lost", label: _t("Lost") },
    ];

    setup() {
        this.dialog = useService("dialog");
        this.nameRef = useRef("name");
        onMounted(() => {
            // who has just added a stage says what it is called
            if (this.props.node.key === this.editor.newest) {
                this.nameRef.el.focus();
                this.nameRef.el.select();
            }
        });
    }

    get editor() {
        return this.props.model.editor;
    }

    get departments() {
        const names = this.props.model.chart.nodes.map((node) => node.department);
        return [...new Set(names.filter(Boolean))];
    }

    /** Where a move can lead to from here. */
    get targets() {
        const { model, node } = this.props;
        const drawn = new Set(
            model
                .getEdges(node.key, "source")
                .filter((edge) => edge.drawn)
                .map((edge) => edge.target)
        );
        return model.chart.nodes.filter(({ key }) => key !== node.key && !drawn.has(key));
    }

    write(name, value) {
        if (this.props.node[name] !== value) {
            return this.editor.write(this.props.node.key, { [name]: value });
        }
    }

    onText(name, ev) {
        const value = ev.target.value.trim();
        if (name === "name" && !value) {
            ev.target.value = this.props.node.name;
            return;
        }
        return this.write(name, value || false);
    }

    setOwner(userId) {
        return this.editor.write(this.props.node.key, { user_id: userId || false });
    }

    setLimit(policyId) {
        return this.editor.write(this.props.node.key, { sla_policy_id: policyId || false });
    }

    openForm() {
        this.dialog.add(FormViewDialog, {
            resModel: "crm.lifecycle.stage",
            resId: this.props.node.id,
            title: this.props.node.name,
            onRecordSaved: () => this.editor.reload(),
        });
    }
}
