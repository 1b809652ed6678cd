from . import base_partner_merge
from . import crm_lifecycle_suggestion_reject
