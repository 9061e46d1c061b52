"""The work of every hour, in this order; the first of a day comes after midnight, when windows close."""

from haicap.routines.hourly import opening

ORDER = (opening.run,)
