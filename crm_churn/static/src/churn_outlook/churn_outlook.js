import { Component, onWillStart, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { deserializeDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Who stays: the rate of each month, cohorts, and the months ahead. */
export class ChurnOutlook extends Component {
    static template = "crm_churn.ChurnOutlook";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ page: null });
        this.display = { controlPanel: {} };
        onWillStart(async () => {
            this.state.page = await this.orm.call("crm.churn.outlook", "get_page", []);
        });
    }

    get months() {
        return this.state.page.months.slice(-12).reverse();
    }

    get since() {
        const longest = Math.max(...this.state.page.cohorts.map((row) => row.shares.length));
        return [...Array(longest).keys()];
    }

    month(date) {
        return deserializeDate(date).toFormat("LLL yyyy");
    }

    percent(value) {
        return value === null ? "–" : `${formatFloat(value, { digits: [16, 1] })} %`;
    }

    number(value, isMoney) {
        if (isMoney) {
            const options = { currencyId: this.state.page.currency_id, digits: [16, 0] };
            return formatMonetary(value, options);
        }
        return formatFloat(value, { digits: [16, 0] });
    }

    heat(share) {
        return `background-color: rgba(var(--primary-rgb), ${(share / 100) * 0.7})`;
    }

    cohortTitle(row, place) {
        return _t("%(share)s of %(customers)s customers bought in month %(place)s", {
            share: this.percent(row.shares[place]),
            customers: row.customers,
            place,
        });
    }

    openRates() {
        return this.action.doAction("crm_churn.crm_churn_rate_action");
    }
}

registry.category("actions").add("crm_churn.outlook", ChurnOutlook);
