import { registry } from "@web/core/registry";

const CARD = ".o_kanban_record:contains('Tour Customer')";

registry.category("web_tour.tours").add("crm_lifecycle_customer_tour", {
    steps: () => [
        {
            content: "A column for each stage of the process",
            trigger: `.o_kanban_group:contains('New Customer') ${CARD}`,
        },
        {
            content: "Drag the customer to another stage",
            trigger: CARD,
            run: "drag_and_drop (.o_kanban_group:contains('Dormant'))",
        },
        {
            content: "The card is there",
            trigger: `.o_kanban_group:contains('Dormant') ${CARD}`,
            run: "click",
        },
        {
            content: "The status bar shows the stage",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Dormant')",
        },
        {
            content: "Click another stage",
            trigger: ".o_statusbar_status button:contains('Active')",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Active')",
        },
        {
            content: "The path tells it all",
            trigger: ".nav-link[name='lifecycle']",
            run: "click",
        },
        {
            trigger: ".o_lifecycle_path_step:eq(0):contains('Active'):contains('Now')",
        },
        {
            trigger: ".o_lifecycle_path_step:eq(1):contains('Dormant')",
        },
        {
            trigger: ".o_lifecycle_path_step:eq(2):contains('New Customer')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_draft_tour", {
    steps: () => [
        {
            content: "The running process is shown, not edited",
            trigger: ".o_field_widget[name='stage_ids'] .o_data_row",
        },
        {
            trigger: "button[name='action_new_draft']",
            run: "click",
        },
        {
            content: "In the draft stages can be added",
            trigger: ".alert-warning:contains('This is the draft of')",
        },
        {
            trigger: ".o_field_widget[name='stage_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='name'] input",
            run: "edit Tour Stage",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_data_row:contains('Tour Stage')",
        },
        {
            trigger: "button[name='action_review_publish']",
            run: "click",
        },
        {
            content: "What changes is told before it is done",
            trigger: ".modal .o_field_widget[name='change_summary']:contains('Tour Stage')",
        },
        {
            trigger:
                ".modal .o_field_widget[name='effect_summary']:contains('stay where they are')",
        },
        {
            trigger: ".modal button[name='action_apply']:visible",
            run: "click",
        },
        {
            content: "It runs, under the next revision",
            trigger: ".alert-info:contains('This process is running')",
        },
        {
            trigger: ".o_data_row:contains('Tour Stage')",
        },
        {
            trigger: ".nav-link[name='revisions']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='revision_ids'] .o_data_row:nth-child(2)",
        },
    ],
});
