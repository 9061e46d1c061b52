"""All kinds there are: a module of kinds registers its own when it is imported; this imports all."""

from haicap.api.dhis2.metadata import divisionkinds, elementkinds, emptykinds, mine, unitkinds
from haicap.api.dhis2.metadata.kinds import KINDS, Kind

MODULES = (unitkinds, elementkinds, divisionkinds, emptykinds, mine)


def listed_kinds() -> list[Kind]:
    """Those with addresses of their own."""
    return [one for one in KINDS.values() if not one.embedded]
