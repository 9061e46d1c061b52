"""The work of every day, in this order; at midnight, or at the time that a routine names as AT."""

from haicap.routines.daily import cleaning, reminding, sorting

ORDER = (sorting.run, cleaning.run, reminding.run)
