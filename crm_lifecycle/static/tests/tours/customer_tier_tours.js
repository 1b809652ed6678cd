import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_lifecycle_tier_tour", {
    steps: () => [
        {
            content: "The value to enter is lowered",
            trigger: ".o_field_widget[name='criterion_ids'] .o_data_row td[name='value']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='criterion_ids'] [name='value'] input",
            run: "edit 500",
        },
        {
            content: "Who would move, before it is saved",
            trigger: ".o_customer_tier_preview",
            run: "click",
        },
        {
            trigger: ".o_customer_tier_move:contains('Tour Tier'):contains('Tour Customer')",
        },
        {
            trigger: ".modal-footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved, body:not(:has(.o_form_button_save:visible))",
        },
        {
            content: "It comes true",
            trigger: "button[name='action_evaluate']",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('have been evaluated')",
        },
        {
            trigger: "button[name='action_view_customers']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Tour Customer') td[name='display_name']",
            run: "click",
        },
        {
            content: "Another tier by hand, for a time and with a reason",
            trigger: "button[name='action_lock_customer_tier']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='tier_id'] input",
            run: "edit Tour Rest",
        },
        {
            trigger: ".modal .ui-menu-item a:contains('Tour Rest')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit The owner has changed",
        },
        {
            trigger: ".modal button[name='action_lock']",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name='customer_tier_id']:contains('Tour Rest')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_profile_tour", {
    steps: () => [
        {
            trigger: "button[name='action_view_lifecycle_profile']",
            run: "click",
        },
        {
            content: "Tier and why",
            trigger:
                ".o_customer_profile [data-section='tier']:contains('Tour Tier'):contains('at least')",
        },
        {
            trigger: ".o_customer_profile_chart canvas",
        },
        {
            content: "What similar customers have bought",
            trigger:
                "[data-section='hints'] .o_customer_profile_row:contains('Tour Product') button:contains('Create Opportunity')",
            run: "click",
        },
        {
            content: "The opportunity",
            trigger: ".o_form_view .o_field_widget[name='name']:has(input, textarea)",
        },
        {
            trigger: ".o_field_widget[name='customer_tier_id']:contains('Tour Tier')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_data_tour", {
    steps: () => [
        {
            trigger:
                ".o_data_row:contains('Tour Lead'):contains('No phone') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: "button[name='action_ask']",
            run: "click",
        },
        {
            trigger:
                ".o_data_row:contains('Tour Lead') td[name='activity_user_id']:contains('seller')",
        },
        {
            trigger: ".o_data_row:contains('Tour Lead') td[name='name']",
            run: "click",
        },
        {
            trigger: ".o_form_view .o-mail-Activity:contains('No phone')",
        },
    ],
});
