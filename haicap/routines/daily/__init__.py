"""The work of every day, in this order; at midnight, or at the time that a routine names as AT."""

from haicap.routines.daily import cleaning, learning, reminding, sorting

ORDER = (sorting.run, cleaning.run, learning.run, reminding.run)
