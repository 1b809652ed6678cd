import { Component } from "@odoo/owl";

import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const ORIGINS = {
    auto: _t("by itself"),
    event: _t("by an event"),
    return: _t("returned"),
    migration: _t("by a change of the process"),
    history: _t("from earlier history"),
};

// one look for a state everywhere: colour, sign and word, never colour alone
const STATUSES = {
    done: { style: "success", icon: "check", label: _t("Done") },
    now: { style: "warning", icon: "play", label: _t("Now") },
    late: { style: "danger", icon: "exclamation", label: _t("Late") },
    lost: { style: "secondary", icon: "times", label: _t("Lost") },
};

/** One stay on the path: who, when, how long, why, and what was special about it. */
export class LifecyclePathStep extends Component {
    static template = "crm_lifecycle.LifecyclePathStep";
    static props = { step: Object };

    get isOpen() {
        return !this.props.step.left;
    }

    get status() {
        const { status, outcome } = this.props.step;
        return STATUSES[outcome === "lost" ? "lost" : status] || STATUSES.done;
    }

    get origin() {
        return ORIGINS[this.props.step.origin];
    }

    get avatar() {
        const userId = this.props.step.user_id;
        return userId && `/web/image/res.users/${userId}/avatar_128`;
    }

    get period() {
        const { entered, left } = this.props.step;
        const first = formatDate(deserializeDateTime(entered));
        if (!left) {
            return _t("since %s", first);
        }
        const last = formatDate(deserializeDateTime(left));
        return first === last ? first : `${first} – ${last}`;
    }

    get duration() {
        const { days } = this.props.step;
        if (days >= 1) {
            const whole = Math.round(days);
            return whole === 1 ? _t("1 day") : _t("%s days", whole);
        }
        const hours = Math.round(days * 24);
        if (hours >= 1) {
            return hours === 1 ? _t("1 hour") : _t("%s hours", hours);
        }
        return _t("less than an hour");
    }
}
