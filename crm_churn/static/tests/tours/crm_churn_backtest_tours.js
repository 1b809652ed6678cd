import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const openMenu = (...names) => [
    stepUtils.showAppsMenuItem(),
    {
        trigger: ".o_app[data-menu-xmlid='crm_lifecycle.crm_lifecycle_menu_root']",
        run: "click",
    },
    ...names.map((name) => ({ trigger: `[data-menu-xmlid='${name}']`, run: "click" })),
];

registry.category("web_tour.tours").add("crm_churn_backtest_tour", {
    steps: () => [
        ...openMenu("crm_churn.crm_churn_menu", "crm_churn.crm_churn_backtest_menu"),
        { trigger: ".o_list_button_add", run: "click" },
        {
            trigger: ".o_field_widget[name='name'] input",
            run: "edit Tour of the past",
        },
        { trigger: "button[name='action_run']", run: "click" },
        {
            content: "It says in words who left and who was warned of",
            trigger: ".o_field_widget[name='words']:contains('did not buy'):contains('precision')",
        },
        {
            content: "Other limits are tried in a copy",
            trigger: "button[name='action_retry']",
            run: "click",
        },
        {
            trigger: ".o_last_breadcrumb_item:contains('Tour of the past (copy)')",
        },
        { trigger: "button[name='action_run']:visible" },
    ],
});

registry.category("web_tour.tours").add("crm_churn_outlook_tour", {
    steps: () => [
        ...openMenu("crm_lifecycle.crm_lifecycle_menu_report", "crm_churn.crm_churn_outlook_menu"),
        {
            content: "What leaving means is said",
            trigger: ".o_churn_outlook:contains('gone is who has not bought')",
        },
        { trigger: ".o_churn_months tbody tr" },
        { trigger: ".o_churn_forecast tbody tr" },
        { trigger: ".o_churn_cohorts tbody tr" },
        { trigger: ".o_churn_rates", run: "click" },
        { trigger: ".o_pivot:contains('Active at Start')" },
    ],
});
