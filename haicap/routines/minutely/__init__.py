"""The work of every minute, in this order."""

from haicap.routines.minutely import locking, sealing, sending

ORDER = (sealing.run, locking.run, sending.run)
