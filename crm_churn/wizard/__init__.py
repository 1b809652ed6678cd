from . import base_partner_merge
from . import crm_churn_alert_close
from . import crm_churn_alert_snooze
from . import crm_churn_indicator
from . import crm_churn_indicator_figures
