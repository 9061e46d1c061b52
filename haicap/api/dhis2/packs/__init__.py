"""Metadata as a DHIS2 server exports them become units, elements, splits, forms and indicators."""

from haicap.api.dhis2.packs.loading import Loaded, load

__all__ = ["Loaded", "load"]
