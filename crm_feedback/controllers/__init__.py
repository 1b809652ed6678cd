from . import page
from . import confirm
