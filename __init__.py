# The repository's root is the addon crm_lifecycle_suite: data and tests only.
from .hooks import post_init_hook, pre_init_hook, uninstall_hook
