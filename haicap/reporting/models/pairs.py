"""Who and when belong together."""

from django.db.models import Q


def pair(who: str, when: str) -> Q:
    """Both are said, or neither is."""
    return Q(**{f"{when}__isnull": True, who: ""}) | (Q(**{f"{when}__isnull": False}) & ~Q(**{who: ""}))
