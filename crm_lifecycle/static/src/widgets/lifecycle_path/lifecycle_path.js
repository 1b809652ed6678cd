import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { PathMapDialog } from "../lifecycle_path_map/path_map_dialog";
import { LifecyclePathStep } from "./lifecycle_path_step";

/**
 * The stays of a lead or customer, newest on top.
 * Read when it is shown, so that opening a form costs nothing for it.
 */
export class LifecyclePath extends Component {
    static template = "crm_lifecycle.LifecyclePath";
    static components = { LifecyclePathStep };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({ steps: [], links: [] });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(({ record }) => this.load(record));
    }

    async load(record) {
        if (!record.resId) {
            Object.assign(this.state, { steps: [], links: [] });
            return;
        }
        const [steps, links] = await Promise.all([
            this.orm.call(record.resModel, "get_lifecycle_path", [record.resId]),
            this.orm.call(record.resModel, "get_lifecycle_journey", [record.resId]),
        ]);
        Object.assign(this.state, { steps: steps.reverse(), links });
    }

    /** Draw the path on the map of its process. */
    showMap() {
        const { resModel, resId, data } = this.props.record;
        const title = _t("The path of %s", data.display_name || data.name || "");
        this.dialog.add(PathMapDialog, { resModel, resId, title });
    }

    linkTitle(link) {
        return link.date
            ? `${link.label} · ${formatDate(deserializeDateTime(link.date))}`
            : link.label;
    }

    open(link) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: link.model,
            res_id: link.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("lifecycle_path", {
    component: LifecyclePath,
});
