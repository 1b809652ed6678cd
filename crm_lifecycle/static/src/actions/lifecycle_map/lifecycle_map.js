import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { cookie } from "@web/core/browser/cookie";
import { _t } from "@web/core/l10n/translation";
import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { MapCanvas } from "./canvas/map_canvas";
import { MapChecker } from "./checker/map_checker";
import { MapConformance } from "./conformance/map_conformance";
import { getDifferenceMarks, MapDifference } from "./difference/map_difference";
import { useEditingKeys } from "./editor/editing_keys";
import { MapEditEdge } from "./editor/map_edit_edge";
import { MapEditNode } from "./editor/map_edit_node";
import { printMap, saveMap } from "./export/map_save";
import { MapLegend } from "./legend/map_legend";
import { getCommands } from "./map_commands";
import { MapModel } from "./map_model";
import { MapPanel } from "./panel/map_panel";
import { MapTimeline } from "./timeline/map_timeline";
import { MapToolbar } from "./toolbar/map_toolbar";

const DARK_KEY = "crm_lifecycle.map_dark";
const MOVED = "crm_lifecycle.moved";

/** The live map of a process: watched and drawn in one place. */
export class LifecycleMap extends Component {
    static template = "crm_lifecycle.LifecycleMap";
    static components = {
        Layout,
        MapCanvas,
        MapChecker,
        MapConformance,
        MapDifference,
        MapEditEdge,
        MapEditNode,
        MapLegend,
        MapPanel,
        MapTimeline,
        MapToolbar,
    };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Process Map");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.ui = useService("ui");
        this.busService = useService("bus_service");
        this.display = { controlPanel: { layoutActions: true } };
        const dark = browser.localStorage.getItem(DARK_KEY);
        this.state = useState({
            isDark: dark === null ? cookie.get("color_scheme") === "dark" : dark === "1",
            side: null,
            difference: null,
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
        useEditingKeys(this);
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

    get editor() {
        return this.model.editor;
    }

    get commands() {
        return getCommands(this);
    }

    get marks() {
        return this.state.difference ? getDifferenceMarks(this.state.difference) : undefined;
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
    // Watching
    // ------------------------------------------------------------

    async choose(processId) {
        await this.leaveModes();
        await this.model.choose(processId);
        this.follow();
    }

    async leaveModes() {
        this.editor.close();
        await this.showSide(null);
        if (this.model.film.isOpen) {
            await this.model.film.close();
        }
    }

    async toggleFilm() {
        const { film } = this.model;
        if (film.isOpen) {
            await film.close();
        } else {
            await this.showSide(null);
            this.model.select(null);
            await film.open();
        }
    }

    toggleSide(side) {
        return this.showSide(this.state.side === side ? null : side);
    }

    /** Show what stands beside the map; a difference also brings back what is gone. */
    async showSide(side) {
        const hadDifference = Boolean(this.state.difference);
        this.state.side = side;
        this.state.difference = null;
        if (side === "difference") {
            const revisionId = this.model.options.revision_id || false;
            const difference = await this.model.call("get_lifecycle_difference", [revisionId]);
            this.model.addFormer(difference.former);
            this.state.difference = difference;
        } else if (hadDifference) {
            await this.model.load();
        }
    }

    /** Draw a move that happens into the next draft, and go there. */
    async draw({ source, target }) {
        const action = await this.model.call("action_draw_move", [source, target]);
        await this.choose(action.res_id);
        await this.startEditing();
        this.model.select({ kind: "edge", source, target });
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

    // ------------------------------------------------------------
    // Drawing
    // ------------------------------------------------------------

    async startEditing() {
        await this.leaveModes();
        await this.editor.start();
        this.follow();
    }

    async stopEditing() {
        const { base_id: baseId } = this.model.chart.process;
        await this.choose(baseId);
    }

    addStage() {
        return this.editor.add(_t("New Stage"));
    }

    /** The form of what was double clicked. */
    edit(item) {
        const isNode = Boolean(item.key);
        const resId = isNode ? item.id : item.moves.length && item.moves[0].id;
        if (resId) {
            this.dialog.add(FormViewDialog, {
                resModel: isNode ? "crm.lifecycle.stage" : "crm.lifecycle.transition",
                resId,
                onRecordSaved: () => this.editor.reload(),
            });
        }
    }

    async publish() {
        const action = await this.model.call("action_review_publish", []);
        await this.action.doAction(
            { ...action, context: { lifecycle_from_map: true } },
            { onClose: (infos) => infos && infos.process_id && this.choose(infos.process_id) }
        );
    }

    // ------------------------------------------------------------
    // Elsewhere
    // ------------------------------------------------------------

    doAction(action) {
        return this.action.doAction(action);
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

    save(kind) {
        return saveMap(kind, this.model, this.canvas.svgRef.el);
    }

    print() {
        return printMap(this.model, this.canvas.svgRef.el);
    }
}

registry.category("actions").add("crm_lifecycle.map", LifecycleMap);
