"""The demo story: a dealer of coffee and tea, its customers and their 18 months.

The figures are in the data files beside this module. Dates count back from the
day of loading; whatever looks random is drawn from seeds, so that two databases
made on one day are alike.
"""

from .story import load_story
