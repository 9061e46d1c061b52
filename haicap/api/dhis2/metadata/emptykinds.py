"""Kinds that clients ask every server for and that Haicap has none of: an empty list, not an error."""

from haicap.api.dhis2.metadata.kinds import kind, named

EMPTY = {
    "attribute": "attributes",
    "constant": "constants",
    "dashboard": "dashboards",
    "dataElementGroup": "dataElementGroups",
    "dataElementGroupSet": "dataElementGroupSets",
    "indicatorGroup": "indicatorGroups",
    "indicatorGroupSet": "indicatorGroupSets",
    "legendSet": "legendSets",
    "organisationUnitGroup": "organisationUnitGroups",
    "organisationUnitGroupSet": "organisationUnitGroupSets",
    "program": "programs",
    "programIndicator": "programIndicators",
    "userGroup": "userGroups",
    "validationRule": "validationRules",
    "visualization": "visualizations",
}
for _name, _plural in EMPTY.items():
    kind(
        _name,
        _plural,
        _name[0].upper() + _name[1:],
        named(lambda one, asker: one.name, lambda one, asker: one.code),
    )
