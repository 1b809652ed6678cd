import { registry } from "@web/core/registry";

const column = (title) => `.o_kanban_group:has(.o_column_title:contains('${title}'))`;
const CARD = ".o_kanban_record:contains('Tour: a chair is broken')";

registry.category("web_tour.tours").add("crm_feedback_complaint_tour", {
    steps: () => [
        {
            content: "Record what a customer said",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            content: "A subject is all it needs",
            trigger: ".o_field_widget[name=name] textarea",
            run: "edit Tour: a chair is broken",
        },
        {
            trigger: ".o_field_widget[name=severity] select, .o_field_widget[name=severity] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('High')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=description] textarea",
            run: "edit The back came off.",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It belongs to somebody at once",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Assigned')",
        },
        {
            content: "Back to the board",
            trigger: ".o_breadcrumb a:contains('Feedback')",
            run: "click",
        },
        {
            content: "The board has settled",
            trigger: `${column("Assigned")} .o_animated_number:contains('1')`,
        },
        {
            content: "Dragged to Solved without a solution",
            trigger: `${column("Assigned")} ${CARD}`,
            async run({ drag_and_drop }) {
                await drag_and_drop(column("Solved"), { position: "center" });
            },
        },
        {
            content: "The board says why not",
            trigger: ".modal-body:contains('without a solution text')",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It stays where it was",
            trigger: `${column("Assigned")} ${CARD}`,
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=solution] textarea",
            run: "edit A new chair was sent.",
        },
        {
            trigger: "button[name=action_solve]",
            run: "click",
        },
        {
            content: "Solved",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Solved')",
        },
    ],
});
