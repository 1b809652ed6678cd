import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

import { fitText } from "../map_text";

const FONT = "600 12px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";

/** The lane of a department; the first of a band tells whose band it is. */
export class MapLane extends Component {
    static template = "crm_lifecycle.MapLane";
    static props = {
        lane: Object,
        isFirst: Boolean,
        isUpright: Boolean,
        rtl: { type: Boolean, optional: true },
        color: Number,
    };

    get name() {
        const { name } = this.props.lane;
        return name === "lost" ? _t("Lost") : name;
    }

    get label() {
        return fitText(this.name, this.props.lane.height - 16, FONT);
    }

    get band() {
        return this.props.lane.phase === "lead" ? _t("Leads") : _t("Customers");
    }

    get labelX() {
        const { lane, rtl } = this.props;
        return rtl ? lane.x + lane.width - 17 : lane.x + 17;
    }
}
