import { Component } from "@odoo/owl";

import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LOOKS = {
    late: ["fa-exclamation-circle", "text-bg-danger"],
    soon: ["fa-hourglass-half", "text-bg-warning"],
    running: ["fa-clock-o", "text-bg-success"],
    paused: ["fa-pause-circle", "text-bg-info"],
    idle: ["fa-ban", "text-bg-secondary"],
    missed: ["fa-times-circle", "text-bg-danger"],
    met: ["fa-check-circle", "text-bg-success"],
    cancelled: ["fa-minus-circle", "text-bg-secondary"],
};

/**
 * The state of a time limit: a colour, and an icon and a word for who sees no colours.
 *
 * Option "deadline": the field with the moment it is due, shown as "in 3 hours".
 */
export class LifecycleTimerState extends Component {
    static template = "crm_lifecycle.LifecycleTimerState";
    static props = { ...standardFieldProps, deadline: { type: String, optional: true } };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get icon() {
        return LOOKS[this.value]?.[0] || "";
    }

    get color() {
        return LOOKS[this.value]?.[1] || "";
    }

    get label() {
        const { selection } = this.props.record.fields[this.props.name];
        return selection.find(([value]) => value === this.value)?.[1] || "";
    }

    get deadline() {
        return (this.props.deadline && this.props.record.data[this.props.deadline]) || false;
    }

    get distance() {
        return this.deadline ? this.deadline.toRelative() : "";
    }

    get title() {
        return this.deadline ? _t("Due on %s", formatDateTime(this.deadline)) : "";
    }
}

registry.category("fields").add("lifecycle_timer_state", {
    component: LifecycleTimerState,
    displayName: _t("Time Limit"),
    supportedTypes: ["selection"],
    supportedOptions: [
        {
            label: _t("Deadline field"),
            name: "deadline",
            type: "field",
            availableTypes: ["datetime"],
        },
    ],
    extractProps: ({ options }) => ({ deadline: options.deadline }),
});
