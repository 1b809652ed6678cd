import { Component, useState } from "@odoo/owl";

import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { LifecycleRefusalForm } from "./lifecycle_refusal_form";

/**
 * Why a move was refused, what can be done about it right here, and on.
 */
export class LifecycleRefusalDialog extends Component {
    static template = "crm_lifecycle.LifecycleRefusalDialog";
    static components = { Dialog, LifecycleRefusalForm };
    static props = {
        refusal: Object,
        onAnswer: Function, // gets { reason }
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ reason: "", isBusy: false });
        this.records = [];
    }

    get refusal() {
        return this.props.refusal;
    }

    get title() {
        const { stage, needs_reason } = this.refusal;
        if (!stage) {
            return _t("Not yet");
        }
        return needs_reason ? _t("Move to “%s”?", stage) : _t("Not yet to “%s”", stage);
    }

    get hasSeveral() {
        return this.refusal.ids.length > 1;
    }

    get hidden() {
        const count = this.refusal.ids.length - this.refusal.records.length;
        return count > 0 && _t("… and %s more.", count);
    }

    get asksReason() {
        return this.refusal.needs_reason || this.refusal.warnings.length > 0;
    }

    /** Without a field or a reason to give, there is nothing to do but read. */
    get canGoOn() {
        return this.asksReason || this.refusal.forms.length > 0;
    }

    get canAskException() {
        return !this.hasSeveral && !this.refusal.needs_reason && Boolean(this.refusal.stage_id);
    }

    /** Filling in what is advised spares the reason. */
    get isReady() {
        const { needs_reason, forms } = this.refusal;
        return !this.state.isBusy && (!needs_reason || forms.length > 0 || Boolean(this.reason));
    }

    get reason() {
        return this.state.reason.trim();
    }

    onLoaded(record) {
        this.records.push(record);
    }

    async onGoOn() {
        this.state.isBusy = true;
        try {
            for (const record of this.records) {
                if (!(await record.save())) {
                    return; // the form says what is wrong
                }
            }
            this.props.onAnswer({ reason: this.reason });
            this.props.close();
        } finally {
            this.state.isBusy = false;
        }
    }

    async onAskException() {
        const { model, ids, stage_id } = this.refusal;
        const action = await this.orm.call(model, "action_request_lifecycle_exception", [ids]);
        this.props.close();
        await this.action.doAction(action, { additionalContext: { default_stage_id: stage_id } });
    }
}
