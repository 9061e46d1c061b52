"""The work of every minute, in this order."""

from haicap.routines.minutely import sealing

ORDER = (sealing.run,)
