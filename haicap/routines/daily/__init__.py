"""The work of every day, in this order; the first tick after midnight starts it."""

from haicap.routines.daily import cleaning, sorting

ORDER = (sorting.run, cleaning.run)
