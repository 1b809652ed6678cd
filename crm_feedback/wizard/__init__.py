from . import base_partner_merge
from . import crm_lifecycle_suggestion_reject
from . import crm_feedback_comparison
from . import crm_feedback_relation
