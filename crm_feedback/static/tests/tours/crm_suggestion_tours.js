import { registry } from "@web/core/registry";

const CARD = ".o_kanban_record:contains('Tour: call on the same day')";

registry.category("web_tour.tours").add("crm_feedback_propose_tour", {
    steps: () => [
        {
            content: "Propose what could be better",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour: call on the same day",
        },
        {
            trigger: ".o_field_widget[name=process_id] input",
            run: "edit Tour Process",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Tour Process')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=evidence] textarea",
            run: "edit Three customers asked twice.",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The own is for others to vote and decide",
            trigger:
                ".o_form_saved:not(:has(button[name=action_vote])):not(:has(button[name=action_accept]))",
        },
    ],
});

registry.category("web_tour.tours").add("crm_feedback_decide_tour", {
    steps: () => [
        {
            content: "Vote on the board",
            trigger: `${CARD} a[name=action_vote]`,
            run: "click",
        },
        {
            trigger: `${CARD} .fa-thumbs-up`,
        },
        {
            trigger: `${CARD}`,
            run: "click",
        },
        {
            content: "The committee does not want it",
            trigger: ".o_statusbar_buttons button:contains('Reject')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit We do so already",
        },
        {
            trigger: ".modal-footer button[name=action_reject]",
            run: "click",
        },
        {
            content: "It is told why",
            trigger:
                ".o_field_widget[name=answer] input:value('We do so already'), .o_field_widget[name=answer]:contains('We do so already')",
        },
    ],
});
