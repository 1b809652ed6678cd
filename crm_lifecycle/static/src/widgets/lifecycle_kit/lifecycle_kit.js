import { Component, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { LifecycleKitChecklist } from "./lifecycle_kit_checklist";
import { LifecycleKitComment } from "./lifecycle_kit_comment";
import { LifecycleKitGuide } from "./lifecycle_kit_guide";
import { LifecycleKitHandover } from "./lifecycle_kit_handover";
import { LifecycleKitMoves } from "./lifecycle_kit_moves";
import { LifecycleKitPeople } from "./lifecycle_kit_people";

const FOLDED_KEY = "crm_lifecycle.kit_folded";

/**
 * All that somebody needs to bring a record to its next stage.
 * Read by a call of its own after the form is there, which it never holds up.
 */
export class LifecycleKit extends Component {
    static template = "crm_lifecycle.LifecycleKit";
    static components = {
        LifecycleKitChecklist,
        LifecycleKitComment,
        LifecycleKitGuide,
        LifecycleKitHandover,
        LifecycleKitMoves,
        LifecycleKitPeople,
    };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.effect = useService("effect");
        this.ui = useService("ui");
        this.keepLast = new KeepLast();
        this.state = useState({
            kit: null,
            isFolded: browser.localStorage.getItem(FOLDED_KEY) === "1",
        });
        useRecordObserver((record) => {
            // reading the values is what makes the observer follow the record
            if (record.data && !record.dirty) {
                this.refresh(record);
            }
        });
    }

    async refresh({ resModel, resId }) {
        if (!resId) {
            this.state.kit = {};
            return;
        }
        const call = this.orm.silent.call(resModel, "get_lifecycle_kit", [resId]);
        this.state.kit = await this.keepLast.add(call);
    }

    get since() {
        const { since } = this.state.kit;
        return since && _t("entered %s", deserializeDateTime(since).toRelative());
    }

    get timer() {
        const { timer } = this.state.kit;
        if (!timer || !timer.deadline) {
            return timer;
        }
        const distance = deserializeDateTime(timer.deadline).toRelative();
        return { ...timer, label: `${timer.label} · ${distance}` };
    }

    get exception() {
        const { open } = this.state.kit.exceptions || {};
        return open && _t("Exception to “%s” waits for approval: %s", open.stage, open.reason);
    }

    get canAsk() {
        return Boolean(this.state.kit.exceptions && this.state.kit.exceptions.can_request);
    }

    toggle() {
        this.state.isFolded = !this.state.isFolded;
        browser.localStorage.setItem(FOLDED_KEY, this.state.isFolded ? "1" : "0");
    }

    /**
     * Saves what was typed, calls a method of the server, shows what came of it.
     *
     * @param {(record: object) => Promise} call resolves to an action, or to nothing
     */
    async run(call) {
        const { record } = this.props;
        if (!(await record.save())) {
            return; // the form says what is wrong with it
        }
        const result = await call(record);
        if (result && result.effect) {
            this.effect.add(result.effect);
        }
        if (result && result.type) {
            await this.action.doAction(result, { onClose: () => record.load() });
            return;
        }
        await record.load();
    }

    move(move) {
        return this.run(({ resModel, resId }) =>
            this.orm.call(resModel, "action_lifecycle_move", [[resId], move.stage_id])
        );
    }

    ask() {
        return this.run(({ resModel, resId }) =>
            this.orm.call(resModel, "action_request_lifecycle_exception", [[resId]])
        );
    }

    decide(method, handover) {
        return this.run(() => this.orm.call("crm.lifecycle.handover", method, [[handover.id]]));
    }
}

registry.category("view_widgets").add("lifecycle_kit", {
    component: LifecycleKit,
    fieldDependencies: [{ name: "lifecycle_stage_id", type: "many2one" }],
});
