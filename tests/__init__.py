from . import test_architecture
from . import test_cdnow
from . import test_demo_governs
from . import test_demo_story
from . import test_flow_governed
from . import test_flow_silent_customer
from . import test_template_files
from . import test_template_runs
