import { Component, useState } from "@odoo/owl";

import { Dropdown } from "@web/core/dropdown/dropdown";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";

/** Whose records the map counts. */
export class MapFilter extends Component {
    static template = "crm_lifecycle.MapFilter";
    static components = { Dropdown, MultiRecordSelector };
    static props = { model: Object };

    setup() {
        this.model = useState(this.props.model);
    }

    getIds(name) {
        return (this.model.options.filters[name] || []).filter(Boolean);
    }

    getDomain({ name }) {
        return name === "owner" ? [["share", "=", false]] : [];
    }

    get isNobody() {
        return (this.model.options.filters.owner || []).includes(false);
    }

    update(name, ids) {
        return this.model.setFilter(name, ids);
    }

    toggleNobody() {
        return this.model.setFilter("owner", this.isNobody ? [] : [false]);
    }

    reset() {
        return this.model.setOptions({ filters: {} });
    }
}
