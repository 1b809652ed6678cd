import { Component } from "@odoo/owl";

import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { formatStay } from "../../actions/lifecycle_map/map_format";
import { ICONS } from "../../actions/lifecycle_map/map_icons";
import { fitText } from "../../actions/lifecycle_map/map_text";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const PAD = 14;
const STATUSES = {
    done: { sign: "ok", label: _t("Done") },
    now: { sign: "soon", label: _t("Now") },
    late: { sign: "late", label: _t("Late") },
    lost: { sign: "lost", label: _t("Lost") },
    ahead: { sign: "onward", label: _t("Still to come") },
    none: { sign: "none", label: _t("Not on its way") },
};

/** A stage on the way of one record: when it was there, how long, by whom. */
export class PathNode extends Component {
    static template = "crm_lifecycle.PathNode";
    static props = { node: Object, box: Object, onSelect: Function, "*": true };

    ICONS = ICONS;
    PAD = PAD;

    at(from, width = 0) {
        return this.props.rtl ? this.props.box.width - from - width : from;
    }

    get path() {
        return this.props.node.path;
    }

    get status() {
        return STATUSES[this.path.status] || STATUSES.none;
    }

    get room() {
        return this.props.box.width - 2 * PAD;
    }

    get title() {
        return fitText(this.props.node.name, this.room, `600 13.5px ${FONT}`);
    }

    get duration() {
        if (this.path.status === "none") {
            return "";
        }
        return this.path.steps.length ? formatStay(this.path.days * 24) : this.status.label;
    }

    get when() {
        const [first, last] = [this.path.steps[0], this.path.steps.at(-1)];
        if (!first) {
            return "";
        }
        const begin = formatDate(deserializeDateTime(first.entered));
        const end = last.left && formatDate(deserializeDateTime(last.left));
        const text = end ? `${begin} – ${end}` : _t("since %s", begin);
        return fitText(text, this.room, `400 11.5px ${FONT}`);
    }

    get who() {
        const last = this.path.steps.at(-1);
        const name = last && (last.user || last.owner);
        return name ? fitText(name, this.room - 70, `400 11.5px ${FONT}`) : "";
    }

    get numbers() {
        return this.path.numbers.join(" · ");
    }

    get label() {
        const marks = this.path.marks.map((mark) => mark.label);
        const parts = [this.props.node.name, this.status.label, this.duration, this.when];
        return [...parts, ...marks].filter(Boolean).join(". ");
    }

    onKeydown(ev) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            this.props.onSelect(this.props.node);
        }
    }
}
