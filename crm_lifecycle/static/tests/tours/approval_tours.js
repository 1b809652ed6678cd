import { registry } from "@web/core/registry";

const decide = (label, comment) => [
    {
        content: "The card says what it is about; it is decided right there",
        trigger: `.o_kanban_record button:contains('${label}')`,
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name='comment'] textarea",
        run: `edit ${comment}`,
    },
    {
        trigger: `.modal footer button:contains('${label}')`,
        run: "click",
    },
    {
        content: "Nothing waits any more",
        trigger: ".o_view_nocontent:contains('Nothing waits for you')",
    },
];

registry.category("web_tour.tours").add("crm_lifecycle_exception_ask_tour", {
    steps: () => [
        {
            trigger: "button[name='action_request_lifecycle_exception']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='stage_id'] input",
            run: "edit Won",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Won')",
            run: "click",
        },
        {
            content: "What it skips is said before",
            trigger: ".modal .o_field_widget[name='skipped']:contains('Qualified')",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'] textarea",
            run: "edit They sign at the fair",
        },
        {
            trigger: ".modal footer button:contains('Ask for Approval')",
            run: "click",
        },
        {
            content: "The lead says that it waits",
            trigger: ".alert:contains('Exception Asked For')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_approve_tour", {
    steps: () => decide("Approve", "Good idea"),
});

registry.category("web_tour.tours").add("crm_lifecycle_quotation_ask_tour", {
    steps: () => [
        {
            content: "The quotation is beyond the limit and says so",
            trigger: ".o_lifecycle_approval:contains('25 % off, 10 % is the limit')",
        },
        {
            content: "It cannot be confirmed",
            trigger: ".o_form_statusbar button[name='action_confirm']:visible",
            run: "click",
        },
        {
            trigger: ".modal:contains('cannot be sent or confirmed yet')",
        },
        {
            trigger: ".modal footer button",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) button[name='action_request_approval']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'] textarea",
            run: "edit A first order",
        },
        {
            trigger: ".modal footer button:contains('Ask for Approval')",
            run: "click",
        },
        {
            trigger: ".o_lifecycle_approval:contains('Still missing')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_quotation_confirm_tour", {
    steps: () => [
        {
            trigger: ".o_lifecycle_approval .badge:contains('Approved'):visible",
        },
        {
            trigger: ".o_form_statusbar button[name='action_confirm']:visible",
            run: "click",
        },
        {
            content: "Confirmed",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Sales Order')",
        },
    ],
});
