from . import crm_lifecycle_process
from . import sale_portal
