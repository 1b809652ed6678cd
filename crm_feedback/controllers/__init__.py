from . import page
from . import confirm
from . import survey
