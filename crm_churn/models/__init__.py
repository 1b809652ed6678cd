from . import crm_lifecycle_stage
from . import crm_churn_alert
from . import crm_churn_alert_state
from . import crm_churn_alert_raise
from . import crm_churn_alert_outdated
from . import crm_customer_metrics
from . import res_partner
