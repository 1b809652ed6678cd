{
    "name": "Customer Churn",
    "summary": "Customers who fall silent raise a hand before they leave",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Customer Lifecycle Suite",
    "license": "LGPL-3",
    "depends": ["crm_lifecycle"],
    "data": [
        "security/ir.model.access.csv",
        "security/crm_churn_security.xml",
        "data/mail_activity_type_data.xml",
        "data/ir_cron_data.xml",
        "wizard/crm_churn_alert_close_views.xml",
        "views/crm_lifecycle_stage_views.xml",
        "views/crm_churn_alert_views.xml",
        "views/crm_churn_alert_report_views.xml",
        "views/res_partner_views.xml",
        "views/crm_churn_menus.xml",
    ],
    "demo": [
        "demo/crm_churn_alert_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "crm_churn/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
