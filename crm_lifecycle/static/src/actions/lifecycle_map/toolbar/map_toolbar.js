import { Component, useState } from "@odoo/owl";

import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { MapFilter } from "../filter/map_filter";

const PERIODS = [
    { days: 7, label: _t("7 days") },
    { days: 30, label: _t("30 days") },
    { days: 90, label: _t("90 days") },
    { days: 180, label: _t("180 days") },
    { days: 365, label: _t("12 months") },
    { days: 1095, label: _t("3 years") },
];

/** Which process, which period, whose records; and what else can be done. */
export class MapToolbar extends Component {
    static template = "crm_lifecycle.MapToolbar";
    static components = { Dropdown, DropdownItem, MapFilter };
    static props = {
        model: Object,
        isDark: Boolean,
        isSmall: Boolean,
        commands: Array,
        onTheme: Function,
        onZoom: Function,
        onChoose: Function,
    };

    PERIODS = PERIODS;
    STATES = { draft: _t("Draft"), retired: _t("Retired"), published: "" };

    setup() {
        this.model = useState(this.props.model);
        this.state = useState({ revisions: [] });
    }

    async loadRevisions() {
        this.state.revisions = await this.model.call("get_lifecycle_revisions", []);
    }

    setRevision(revisionId) {
        return this.model.setOptions({ revision_id: revisionId, as_of: false });
    }

    getDate(revision) {
        return formatDate(deserializeDateTime(revision.date));
    }

    getStyle(command) {
        return command.isActive || command.isPrimary ? "btn-primary" : "btn-secondary";
    }

    get process() {
        return this.model.chart.process;
    }

    get period() {
        return PERIODS.find(({ days }) => days === this.model.options.days);
    }

    setDays(days) {
        return this.model.setOptions({ days });
    }
}
