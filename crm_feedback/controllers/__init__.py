from . import page
from . import confirm
from . import intake
from . import case
from . import portal
