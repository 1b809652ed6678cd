import { registry } from "@web/core/registry";

const CARD = ".o_kanban_record:contains('Tour Late Lead')";

registry.category("web_tour.tours").add("crm_lifecycle_late_tour", {
    steps: () => [
        {
            content: "What is late stands under its owner, with a word and not colour alone",
            trigger: `.o_kanban_group:contains('lifecycle_seller') ${CARD} [data-state='late']:contains('Late')`,
        },
        {
            content: "What nobody answers for is shown as well",
            trigger: ".o_kanban_group .o_kanban_record:contains('Tour Orphan')",
        },
        {
            content: "One click opens the lead",
            trigger: CARD,
            run: "click",
        },
        {
            content: "The lead says that it is late",
            trigger: ".o_form_view .oe_title .o_lifecycle_timer_state[data-state='late']",
        },
        {
            trigger: ".nav-link[name='lifecycle']",
            run: "click",
        },
        {
            content: "And why",
            trigger:
                ".o_field_widget[name='lifecycle_timer_explanation']:contains('24 working hours from')",
        },
    ],
});
