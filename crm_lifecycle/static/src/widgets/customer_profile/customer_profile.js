import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { PurchaseChart } from "./purchase_chart";

const PERCENT = 100;

/**
 * Everything about a customer on one page: who it is, the tier and why, figures, purchases
 * over time, and the lists that addons give.
 */
export class CustomerProfile extends Component {
    static template = "crm_lifecycle.CustomerProfile";
    static components = { PurchaseChart };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ profile: null });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(({ record }) => this.load(record));
    }

    async load({ resModel, resId }) {
        this.state.profile = resId
            ? await this.orm.call(resModel, "get_lifecycle_profile", [resId])
            : null;
    }

    trend(fact) {
        const percent = Math.round(fact.trend * PERCENT);
        return percent > 0 ? `+${percent} %` : `${percent} %`;
    }

    open(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: row.res_model,
            res_id: row.res_id,
            views: [[false, "form"]],
        });
    }

    openAll(section) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: section.title,
            res_model: section.model,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: section.domain,
        });
    }

    /** What a row's button does, for sections whose rows have one. */
    async run(section, row) {
        const next = await this.orm.call(row.res_model, section.button.method, [[row.res_id]]);
        if (next) {
            return this.action.doAction(next);
        }
        return this.load(this.props.record);
    }

    moreLabel(section) {
        return _t("All %s", section.count);
    }
}

registry.category("view_widgets").add("customer_profile", {
    component: CustomerProfile,
});
