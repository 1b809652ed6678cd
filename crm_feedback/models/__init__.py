from . import crm_feedback_category
from . import crm_feedback
from . import crm_feedback_owner
from . import crm_feedback_flow
from . import res_users
from . import res_partner
from . import crm_lead
