import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_lifecycle_lead_qualification_tour", {
    steps: () => [
        {
            content: "A new lead of somebody who is known already",
            trigger: ".o_field_widget[name='name'] textarea, .o_field_widget[name='name'] input",
            run: "edit Tour Lead",
        },
        {
            trigger: ".o_field_widget[name='email_from'] input",
            run: "edit tour@example.com && press Tab",
        },
        {
            content: "The colleague is named before it is saved",
            trigger: ".o_field_widget[name='lifecycle_known_owners']:contains('Tour Colleague')",
        },
        {
            trigger: ".nav-link:contains('Qualification')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='lifecycle_decision_maker'] input",
            run: "edit Eva Berger",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "One of five things is known",
            trigger: ".o_field_widget[name='lifecycle_standard_percent']:contains('20')",
        },
        {
            content: "The clock of the first touch runs",
            trigger: ".o_field_widget[name='lifecycle_timer_state']",
        },
    ],
});
