import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** An opinion on the step, for those who draw the process. */
export class LifecycleKitComment extends Component {
    static template = "crm_lifecycle.LifecycleKitComment";
    static props = { record: Object };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({ body: "", isBusy: false });
    }

    async onSend() {
        const { model, id } = this.props.record;
        this.state.isBusy = true;
        try {
            await this.orm.call(model, "action_lifecycle_comment", [[id], this.state.body]);
            this.state.body = "";
            this.notification.add(_t("Thank you. It is considered when the process is reviewed."), {
                type: "success",
            });
        } finally {
            this.state.isBusy = false;
        }
    }
}
