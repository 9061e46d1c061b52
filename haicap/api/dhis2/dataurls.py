"""Addresses that carry figures."""

from haicap.api.dhis2 import completeness, values
from haicap.api.dhis2.analytics import grid
from haicap.api.dhis2.doors import at

urlpatterns = [
    at("dataValueSets", "data-value-sets", GET=values.listed, POST=values.taken),
    at("dataValues", "data-values", GET=values.read_one, POST=values.write_one, DELETE=values.delete_one),
    at(
        "completeDataSetRegistrations",
        "registrations",
        GET=completeness.listed,
        POST=completeness.taken,
        DELETE=completeness.taken_back,
    ),
    at("analytics", "analytics", GET=grid.answered),
]
