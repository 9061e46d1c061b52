"""The work of every day, in this order; at midnight, or at the time that a routine names as AT."""

from haicap.routines.daily import asking, attributing, cleaning, learning, reminding, sorting

ORDER = (sorting.run, cleaning.run, learning.run, attributing.run, asking.run, reminding.run)
