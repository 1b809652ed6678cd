import { Component, markup, useState } from "@odoo/owl";

/** How the work of the stage is done: guidance, link, video. Nothing is loaded from outside. */
export class LifecycleKitGuide extends Component {
    static template = "crm_lifecycle.LifecycleKitGuide";
    static props = { stage: Object, isOpen: Boolean };

    setup() {
        this.state = useState({ showCode: false });
    }

    get guidance() {
        // the server has sanitized it, as every HTML field
        return this.props.stage.guidance && markup(this.props.stage.guidance);
    }
}
