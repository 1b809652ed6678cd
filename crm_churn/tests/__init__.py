from . import test_access
from . import test_alert
from . import test_outdated
from . import test_partner
from . import test_raise
from . import test_silence
from . import test_stage
from . import test_ui
