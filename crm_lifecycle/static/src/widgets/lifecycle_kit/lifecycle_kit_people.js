import { Component } from "@odoo/owl";

/** Whom to ask: those who answer for the stage, by kind. */
export class LifecycleKitPeople extends Component {
    static template = "crm_lifecycle.LifecycleKitPeople";
    static props = { roles: Array };

    get roles() {
        return this.props.roles.filter((role) => role.users.length);
    }
}
