import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_feedback_survey_tour", {
    steps: () => [
        {
            content: "The number from the mail is chosen already",
            trigger: ".o_feedback_question:has(input[value='9']:checked)",
        },
        {
            content: "The customer thinks better of it",
            trigger: "label[for=score_10]",
            run: "click",
        },
        {
            trigger: ".o_feedback_question button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "and says why, on the page after",
            trigger: "textarea[name=comment]",
            run: "edit Tour: you called back",
        },
        {
            trigger: ".o_feedback_page button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_feedback_page:contains('We read every word')",
        },
    ],
});
