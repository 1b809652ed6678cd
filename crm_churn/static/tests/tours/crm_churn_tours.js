import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const CARD = ".o_kanban_record:contains('Silent Tour Customer')";

registry.category("web_tour.tours").add("crm_churn_alert_tour", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the app",
            trigger: ".o_app[data-menu-xmlid='crm_lifecycle.crm_lifecycle_menu_root']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='crm_churn.crm_churn_menu']",
            run: "click",
        },
        {
            content: "Open the alerts",
            trigger: "[data-menu-xmlid='crm_churn.crm_churn_alert_menu']",
            run: "click",
        },
        {
            content: "The alert waits in the first column",
            trigger: `.o_kanban_group:contains('New') ${CARD}`,
            run: "click",
        },
        {
            content: "It says why it was raised",
            trigger:
                ".o_form_view .alert-warning:contains('the limit of stage “Active” is 90 days')",
        },
        {
            trigger: ".o_statusbar_buttons button[name='action_start']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Working')",
        },
        {
            content: "Keep what the customer said",
            trigger: ".o_field_widget[name='note'] textarea",
            run: "edit Will order next week",
        },
        {
            trigger: ".o_statusbar_buttons button[name='action_save_customer']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Saved')",
        },
        {
            content: "The call is no longer planned",
            trigger: "body:not(:has(.o-mail-Activity))",
        },
    ],
});

registry.category("web_tour.tours").add("crm_churn_health_tour", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            trigger: ".o_app[data-menu-xmlid='crm_lifecycle.crm_lifecycle_menu_root']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='crm_churn.crm_churn_menu']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='crm_churn.crm_churn_score_menu']",
            run: "click",
        },
        {
            content: "The customer at risk is in the list",
            trigger: ".o_data_row:contains('Health Tour Customer') .o_data_cell",
            run: "click",
        },
        {
            content: "It says why",
            trigger: ".o_churn_explanation:contains('Rhythm'):contains('−60')",
        },
        {
            content: "And what would help",
            trigger: ".o_churn_explanation:contains('Win the next order')",
        },
        {
            content: "The profile shows the same",
            trigger: "button[name='action_view_customer']",
            run: "click",
        },
        {
            trigger: ".o_customer_profile_sheet .o_churn_explanation:contains('−60')",
        },
    ],
});
