import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_feedback_public_tour", {
    steps: () => [
        {
            content: "A stranger gives an address",
            trigger: "input[name=email]",
            run: "edit tour@else.example",
        },
        {
            trigger: "textarea[name=description]",
            run: "edit Tour: the lamp flickers",
        },
        {
            content: "and sends the form",
            trigger: ".o_feedback_form button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "and gets a number",
            trigger: ".o_feedback_page:contains('Your number is')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_feedback_confirm_tour", {
    steps: () => [
        {
            trigger: ".o_feedback_page:contains('Have we solved it?')",
        },
        {
            content: "It did not help, and why",
            trigger: "textarea[name=words]",
            run: "edit Tour: it broke again",
        },
        {
            trigger: "button[name=answer][value=no]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_feedback_page:contains('We are sorry')",
        },
    ],
});
