{
    "name": "Customer Lifecycle Suite",
    "summary": "Lifecycle, feedback and churn together, with process templates",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Customer Lifecycle Suite",
    "license": "LGPL-3",
    "depends": ["crm_lifecycle", "crm_feedback", "crm_churn"],
    "data": [
        "data/crm_sla_policy_data.xml",
        "data/process_nine_steps_data.xml",
        "data/process_five_steps_data.xml",
        "data/process_customer_lifecycle_data.xml",
    ],
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
