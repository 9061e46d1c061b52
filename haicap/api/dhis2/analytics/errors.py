"""Questions that cannot be answered, in DHIS2's codes."""

from __future__ import annotations

from haicap.api.dhis2.messages import WebMessageError

WORDS = {
    "E7101": "At least one dimension must be specified",
    "E7102": "At least one data dimension item must be specified",
    "E7103": "Dimensions cannot be specified as dimension and filter simultaneously: `{0}`",
    "E7104": "At least one period as dimension or filter, or start and end dates, must be specified",
    "E7105": "Periods and start and end dates cannot be specified simultaneously",
    "E7106": "Start date is after end date, start date: `{0}`, end date: `{1}`",
    "E7107": "Start and end dates cannot be specified for reporting rates",
    "E7108": "Only a single indicator can be specified as filter",
    "E7109": "Only a single reporting rate can be specified as filter",
    "E7110": "Category option combos cannot be specified as filter",
    "E7111": "Dimensions cannot be specified more than once: `{0}`",
    "E7112": "Reporting rates can only be specified together with dimensions of type: `{0}`",
    "E7115": "Data elements must be of a value and aggregation type that allow aggregation: `{0}`",
    "E7120": "User: `{0}` is not allowed to view org unit: `{1}`",
    "E7124": "Dimension items are referenced in the request but do not exist: `{0}`",
    "E7125": "Dimension identifier does not reference any dimension: `{0}`",
    "E7128": "Query result set exceeded max limit: `{0}`",
    "E7135": "Parameter is not supported here: `{0}`",
    "E7143": "Organisation unit or organisation unit level is not valid: `{0}`",
    "E7146": "A period or a date is not valid: `{0}`",
}


def refused(code: str, *told: object) -> WebMessageError:
    return WebMessageError(409, WORDS[code].format(*told), code)
