from . import page
from . import confirm
from . import survey
from . import intake
from . import case
from . import portal
