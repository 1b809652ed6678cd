import { registry } from "@web/core/registry";

const inStage = (name) => ({
    content: `The kit says it stands in ${name}`,
    trigger: `.o_lifecycle_kit_stage:contains('${name}')`,
});
const nextStep = (name) => ({
    content: `The next step is ${name}`,
    trigger: `.o_lifecycle_kit_move.btn-primary:contains('${name}'):not([disabled])`,
    run: "click",
});

registry.category("web_tour.tours").add("crm_lifecycle_kit_tour", {
    steps: () => [
        inStage("New"),
        {
            content: "It says what is to be reached",
            trigger: ".o_lifecycle_kit_goal:contains('We know what he needs')",
        },
        {
            content: "and how",
            trigger: ".o_lifecycle_kit_guidance:contains('Call within a day')",
        },
        {
            content: "and whom to ask",
            trigger: ".o_lifecycle_kit_people:contains('lifecycle_leader')",
        },
        {
            content: "and how long it may take",
            trigger: ".o_lifecycle_kit_timer",
        },
        nextStep("Qualified"),
        inStage("Qualified"),
        {
            content: "The pipeline has followed",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Qualified')",
        },
        {
            content: "What would make the step better?",
            trigger: ".o_lifecycle_kit_comment summary",
            run: "click",
        },
        {
            trigger: ".o_lifecycle_kit_comment textarea",
            run: "edit A list of questions would help",
        },
        {
            trigger: ".o_lifecycle_kit_comment button:not([disabled])",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('Thank you')",
        },
        nextStep("Proposition"),
        inStage("Proposition"),
        {
            content: "The way is blocked, and it says why",
            trigger: ".o_lifecycle_kit_blockers:contains('offers with a price')",
        },
        {
            content: "So do what is asked for",
            trigger: ".o_field_widget[name='expected_revenue'] input",
            run: "edit 5000 && press Tab",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is free now",
            trigger: ".o_lifecycle_kit:not(:has(.o_lifecycle_kit_blockers))",
        },
        nextStep("Won"),
        inStage("Won"),
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_handover_tour", {
    steps: () => [
        {
            content: "What is handed over to me",
            trigger: ".o_data_row:contains('Lead 0')",
        },
        {
            trigger: ".o_data_row .o_data_cell[name='stage_id']",
            run: "click",
        },
        {
            trigger: "button[name='action_open_return']",
            run: "click",
        },
        {
            content: "A return needs its reason",
            trigger: ".modal .o_field_widget[name='reason'] textarea",
            run: "edit The budget is missing",
        },
        {
            trigger: ".modal button[name='action_return']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Returned')",
        },
        {
            trigger: ".o_field_widget[name='reason']:contains('The budget is missing')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_accept_tour", {
    steps: () => [
        {
            trigger: ".o_lifecycle_kit_handover.alert-info",
        },
        {
            content: "It waits for the receiver",
            trigger: ".o_lifecycle_kit_blockers:contains('not been accepted yet')",
        },
        {
            trigger: ".o_lifecycle_kit_handover button:contains('Accept')",
            run: "click",
        },
        {
            trigger: ".o_lifecycle_kit_handover.alert-success",
        },
        nextStep("Proposition"),
        inStage("Proposition"),
    ],
});
