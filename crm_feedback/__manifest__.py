{
    "name": "Customer Feedback",
    "summary": "What customers say gets an owner, and is closed by them",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Customer Lifecycle Suite",
    "license": "LGPL-3",
    "depends": ["crm_lifecycle"],
    "data": [
        "security/ir.model.access.csv",
        "security/crm_feedback_security.xml",
        "data/ir_sequence_data.xml",
        "data/mail_activity_type_data.xml",
        "data/crm_feedback_category_data.xml",
        "views/crm_feedback_category_views.xml",
        "views/crm_feedback_views.xml",
        "views/crm_feedback_analysis_views.xml",
        "views/res_partner_views.xml",
        "views/crm_lead_views.xml",
        "views/crm_feedback_menus.xml",
    ],
    "demo": [
        "demo/crm_feedback_category_demo.xml",
        "demo/crm_feedback_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "crm_feedback/static/tests/tours/**/*",
        ],
    },
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
