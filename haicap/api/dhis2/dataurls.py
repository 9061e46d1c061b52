"""Addresses that carry figures."""

from haicap.api.dhis2.analytics import grid
from haicap.api.dhis2.doors import at

urlpatterns = [
    at("analytics", "analytics", GET=grid.answered),
]
