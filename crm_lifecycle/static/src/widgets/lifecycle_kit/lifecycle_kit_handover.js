import { Component } from "@odoo/owl";

/** The hand-over of the record: who gave it to whom, and the receiver's answer. */
export class LifecycleKitHandover extends Component {
    static template = "crm_lifecycle.LifecycleKitHandover";
    static props = { handover: Object, onDecide: Function };

    get receivers() {
        return this.props.handover.receivers.map((user) => user.name).join(", ");
    }
}
