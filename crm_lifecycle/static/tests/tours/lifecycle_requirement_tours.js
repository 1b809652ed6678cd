import { registry } from "@web/core/registry";

const LEAD = ".o_kanban_record:contains('Lead 0')";
const fill = (name, text) => ({
    content: `Fill in ${name} right there`,
    trigger: `.o_lifecycle_refusal_form .o_field_widget[name='${name}'] input`,
    run: `edit ${text} && press Tab`,
});
const goOn = {
    content: "and go on",
    trigger: ".o_lifecycle_refusal_go:not([disabled])",
    run: "click",
};
const isGone = {
    trigger: "body:not(:has(.o_lifecycle_refusal))",
};
const stands = (name) => ({
    trigger: `.o_lifecycle_kit_stage:contains('${name}')`,
});

registry.category("web_tour.tours").add("crm_lifecycle_requirement_tour", {
    steps: () => [
        {
            content: "Drag the lead on",
            trigger: `.o_kanban_group:contains('New') ${LEAD}`,
            run: "drag_and_drop (.o_kanban_group:contains('Qualified'))",
        },
        {
            content: "It says what is missing",
            trigger: ".o_lifecycle_refusal_record:contains('Missing: Phone known (Phone).')",
        },
        {
            trigger: ".modal-footer button:contains('Cancel')",
            run: "click",
        },
        {
            content: "The card is back, without a further word",
            trigger: `body:not(:has(.modal)) .o_kanban_group:contains('New') ${LEAD}`,
            run: "drag_and_drop (.o_kanban_group:contains('Qualified'))",
        },
        fill("phone", "+32 2 555 12 34"),
        goOn,
        {
            content: "The card is there",
            trigger: `body:not(:has(.modal)) .o_kanban_group:contains('Qualified') ${LEAD}`,
            run: "click",
        },
        stands("Qualified"),
        {
            content: "The stage has fields of its own",
            trigger: ".o_field_widget[name='lifecycle_properties']:contains('Cups a day')",
        },
        {
            content: "The checklist leads there",
            trigger: ".o_lifecycle_kit_requirement:contains('Cups counted') button",
            run: "click",
        },
        {
            content: "On by the status bar, with something typed in the form",
            trigger: ".o_field_widget[name='expected_revenue'] input",
            run: "edit 5000",
        },
        {
            trigger: ".o_statusbar_status button:contains('Proposition')",
            run: "click",
        },
        {
            trigger: ".o_lifecycle_refusal_record:contains('Missing: Cups counted (Cups a day).')",
        },
        {
            trigger: ".o_lifecycle_refusal_form [property-name='cups'] input",
            run: "edit 40 && press Tab",
        },
        goOn,
        isGone,
        stands("Proposition"),
        {
            content: "What was typed is saved with it",
            trigger: ".o_field_widget[name='expected_revenue'] input:value('5,000.00')",
        },
        {
            content: "What was written before is on the path",
            trigger: ".nav-link[name='lifecycle']",
            run: "click",
        },
        {
            trigger: ".o_lifecycle_path_fields:contains('Cups a day'):contains('40')",
        },
        {
            content: "On by the button, though a document is missing",
            trigger: ".o_lifecycle_kit_move:contains('Won')",
            run: "click",
        },
        {
            trigger: ".o_lifecycle_refusal_reason textarea",
            run: "edit He signs on paper",
        },
        goOn,
        isGone,
        stands("Won"),
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_requirement_customer_tour", {
    steps: () => [
        {
            trigger:
                ".o_kanban_group:contains('New Customer') .o_kanban_record:contains('Tour Inc')",
            run: "drag_and_drop (.o_kanban_group:contains('Dormant'))",
        },
        fill("vat", "BE0477472701"),
        goOn,
        {
            trigger:
                "body:not(:has(.modal)) .o_kanban_group:contains('Dormant') .o_kanban_record:contains('Tour Inc')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_requirement_mobile_tour", {
    steps: () => [
        {
            trigger: ".o_lifecycle_kit_move:contains('Qualified')",
            run: "click",
        },
        {
            content: "The dialog fits the screen",
            trigger: ".o_lifecycle_refusal",
            run() {
                if (document.body.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the screen");
                }
            },
        },
        fill("phone", "+32 2 555 12 34"),
        goOn,
        isGone,
        stands("Qualified"),
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_requirement_draft_tour", {
    steps: () => [
        {
            trigger: ".o_field_widget[name='stage_ids'] .o_data_row",
        },
        {
            trigger: "button[name='action_new_draft']",
            run: "click",
        },
        {
            trigger: ".alert-warning:contains('This is the draft of')",
        },
        {
            trigger: ".o_data_row .o_data_cell[name='name']:contains('Qualified')",
            run: "click",
        },
        {
            content: "A field of the stage",
            trigger: ".modal .nav-link[name='properties']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='property_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name='property_ids'] .o_field_widget[name='name'] input",
            run: "edit Machines needed",
        },
        {
            content: "A requirement",
            trigger: ".modal .nav-link[name='requirements']",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name='requirement_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal:contains('Create Requirements') .o_field_widget[name='name'] input",
            run: "edit Reachable",
        },
        {
            trigger: ".modal .o_lifecycle_field_paths_add",
            run: "click",
        },
        {
            trigger: ".o_model_field_selector_popover_search input",
            run: "edit Phone",
        },
        {
            trigger: ".o_model_field_selector_popover_item_name:contains(/^Phone$/)",
            run: "click",
        },
        {
            trigger: ".modal .o_lifecycle_field_paths .badge:contains('Phone')",
        },
        {
            trigger: ".modal:contains('Create Requirements') .o_form_button_save",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name='requirement_ids'] .o_data_row:contains('Reachable')",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) button[name='action_review_publish']",
            run: "click",
        },
        {
            trigger: ".modal button[name='action_apply']:visible",
            run: "click",
        },
        {
            trigger: ".alert-info:contains('This process is running')",
        },
        {
            content: "How much is asked for",
            trigger: "button[name='action_view_requirements']",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Reachable')",
        },
    ],
});
