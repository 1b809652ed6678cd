import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

/** What is asked for before the record moves on, with what is missing of it. */
export class LifecycleKitChecklist extends Component {
    static template = "crm_lifecycle.LifecycleKitChecklist";
    static props = { requirements: Array };

    look(requirement) {
        if (requirement.is_met) {
            return { icon: "fa-check-circle text-success", label: _t("Done") };
        }
        return requirement.is_hard
            ? { icon: "fa-times-circle text-danger", label: _t("Missing") }
            : { icon: "fa-exclamation-circle text-warning", label: _t("Should be there") };
    }

    /**
     * Bring the user to the first missing field, where the form shows it.
     *
     * @param {Event} ev its form is searched
     * @param {object} requirement with the names of its fields
     */
    onFill(ev, requirement) {
        const form = ev.target.closest(".o_form_view");
        const selectors = (requirement.fields || []).map((path) => {
            const [name, property] = path.split(".");
            const inside = property ? `[property-name="${CSS.escape(property)}"] ` : "";
            const input = `:is(input, textarea, select)`;
            return `.o_field_widget[name="${CSS.escape(name)}"] ${inside}${input}`;
        });
        const input = selectors.length && form && form.querySelector(selectors.join(","));
        if (input) {
            input.scrollIntoView({ block: "center", behavior: "smooth" });
            input.focus({ preventScroll: true });
        }
    }
}
