import { Component, useState } from "@odoo/owl";

import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Who would move, from which tier to which: a table one can open customer lists from.
 */
export class CustomerTierPreviewDialog extends Component {
    static template = "crm_lifecycle.CustomerTierPreviewDialog";
    static components = { Dialog };
    static props = { preview: Object, close: Function };

    setup() {
        this.action = useService("action");
    }

    get title() {
        return _t("Who Would Move");
    }

    difference(tier) {
        const difference = tier.then - tier.now;
        return difference > 0 ? `+${difference}` : `${difference}`;
    }

    more(move) {
        return move.count - move.names.length;
    }

    open(move) {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: `${move.from} → ${move.to}`,
                res_model: "res.partner",
                views: [
                    [false, "list"],
                    [false, "form"],
                ],
                domain: [["id", "in", move.ids]],
            },
            { newWindow: true }
        );
    }
}

/**
 * The button on the form of a tier: asks what the definition as it is in the form, saved
 * or not, would do.
 */
export class CustomerTierPreview extends Component {
    static template = "crm_lifecycle.CustomerTierPreview";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.state = useState({ busy: false });
    }

    async preview() {
        const { record } = this.props;
        this.state.busy = true;
        try {
            const values = await record.getChanges();
            const ids = record.resId ? [record.resId] : [];
            const preview = await this.orm.call(record.resModel, "get_preview", [ids, values]);
            this.dialog.add(CustomerTierPreviewDialog, { preview });
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("view_widgets").add("customer_tier_preview", {
    component: CustomerTierPreview,
});
