from django.urls import URLPattern, path

from haicap.api.open.v1 import answers, pages, reference
from haicap.api.open.v1.api import api

app_name = "open-v1"


def questions() -> list[URLPattern]:
    """ninja's addresses, each with our manners; its own root page is replaced by the reference."""
    found = []
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            route = str(pattern.pattern)
            found.append(path(route, answers.polite(pattern.callback), name=pattern.name))
    return found


urlpatterns = [
    path("", pages.reference, name="reference"),
    path("openapi.json", reference.openapi, name="openapi"),
    *questions(),
    path("<path:rest>", pages.unknown, name="unknown"),
]
