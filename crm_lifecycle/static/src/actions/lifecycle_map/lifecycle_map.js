import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { cookie } from "@web/core/browser/cookie";
import { _t } from "@web/core/l10n/translation";
import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { MapCanvas } from "./canvas/map_canvas";
import { MapLegend } from "./legend/map_legend";
import { MapModel } from "./map_model";
import { MapPanel } from "./panel/map_panel";
import { MapToolbar } from "./toolbar/map_toolbar";

const DARK_KEY = "crm_lifecycle.map_dark";
const MOVED = "crm_lifecycle.moved";

/** The live map of a process: watched and drawn in one place. */
export class LifecycleMap extends Component {
    static template = "crm_lifecycle.LifecycleMap";
    static components = { Layout, MapCanvas, MapLegend, MapPanel, MapToolbar };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Process Map");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.busService = useService("bus_service");
        this.display = { controlPanel: { layoutActions: true } };
        const dark = browser.localStorage.getItem(DARK_KEY);
        this.state = useState({
            isDark: dark === null ? cookie.get("color_scheme") === "dark" : dark === "1",
        });
        this.model = useState(
            new MapModel(
                { orm: this.orm, action: this.action },
                { direction: this.direction, rtl: localization.direction === "rtl" }
            )
        );
        this.canvas = null;
        this.channel = null;
        useBus(this.ui.bus, "resize", () => this.model.setDirection(this.direction));
        onWillStart(() => this.start());
        onMounted(() => this.busService.subscribe(MOVED, this.onMoved));
        onWillUnmount(() => {
            this.busService.unsubscribe(MOVED, this.onMoved);
            this.listen(null);
            this.model.stop();
        });
    }

    get direction() {
        return this.ui.isSmall ? "down" : "right";
    }

    async start() {
        const { action, resId } = this.props;
        const context = action.context || {};
        await this.model.start(resId || context.active_id || false);
        this.follow();
    }

    // ------------------------------------------------------------
    // Live
    // ------------------------------------------------------------

    onMoved = ({ process_id: processId }) => {
        if (this.model.chart && processId === this.model.chart.process.base_id) {
            this.model.refreshSoon();
        }
    };

    /** Listen to the process that is shown, and put it into the address. */
    follow() {
        const { chart, processId } = this.model;
        if (chart) {
            this.listen(`crm.lifecycle.process_${chart.process.base_id}`);
            this.props.updateActionState?.({ resId: processId });
        }
    }

    listen(channel) {
        if (this.channel && this.channel !== channel) {
            this.busService.deleteChannel(this.channel);
        }
        if (channel && this.channel !== channel) {
            this.busService.addChannel(channel);
        }
        this.channel = channel;
    }

    // ------------------------------------------------------------
    // Doing
    // ------------------------------------------------------------

    async choose(processId) {
        await this.model.choose(processId);
        this.follow();
    }

    zoom(factor) {
        if (factor) {
            this.canvas.viewport.zoom(factor);
        } else {
            this.canvas.viewport.fit();
        }
    }

    toggleTheme() {
        this.state.isDark = !this.state.isDark;
        browser.localStorage.setItem(DARK_KEY, this.state.isDark ? "1" : "0");
    }

    /** What the toolbar offers; the main ones are buttons where there is room. */
    get commands() {
        return [
            {
                name: "today",
                label: _t("Today"),
                title: _t("What is late or due, by owner: for the morning meeting"),
                icon: "sun-o",
                isMain: true,
                run: () => this.action.doAction("crm_lifecycle.crm_sla_timer_action_board"),
            },
            {
                name: "form",
                label: _t("Open the Process"),
                icon: "external-link",
                run: () => this.openForm(),
            },
            {
                name: "raci",
                label: _t("RACI Table"),
                icon: "table",
                run: () => this.callAction("action_view_raci"),
            },
            {
                name: "export",
                label: _t("Export (JSON)"),
                icon: "download",
                run: () => this.callAction("action_export"),
            },
        ];
    }

    openForm() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lifecycle.process",
            res_id: this.model.processId,
            views: [[false, "form"]],
        });
    }

    async callAction(method) {
        return this.action.doAction(await this.model.call(method, []));
    }
}

registry.category("actions").add("crm_lifecycle.map", LifecycleMap);
