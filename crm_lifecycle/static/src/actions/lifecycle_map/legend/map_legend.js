import { Component, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";

import { ICONS } from "../map_icons";

const FOLDED_KEY = "crm_lifecycle.map_legend_folded";

/** What colours, signs and lines mean. */
export class MapLegend extends Component {
    static template = "crm_lifecycle.MapLegend";
    static props = {};

    ICONS = ICONS;
    ENTRIES = [
        { sign: "ok", state: "ok", text: _t("On time") },
        { sign: "soon", state: "soon", text: _t("Due soon") },
        { sign: "late", state: "late", text: _t("Late") },
        { sign: "jam", state: "late", text: _t("Bottleneck") },
        { sign: "nobody", state: "late", text: _t("Without owner") },
        { sign: "onward", state: "none", text: _t("Went on, of those who left") },
        { sign: "limit", state: "none", text: _t("Time limit (working hours)") },
        { sign: "auto", state: "none", text: _t("By itself") },
        { sign: "bolt", state: "off", text: _t("By an exception") },
    ];

    setup() {
        const folded = browser.localStorage.getItem(FOLDED_KEY);
        this.state = useState({ isFolded: folded === null || folded === "1" });
    }

    toggle() {
        this.state.isFolded = !this.state.isFolded;
        browser.localStorage.setItem(FOLDED_KEY, this.state.isFolded ? "1" : "0");
    }
}
