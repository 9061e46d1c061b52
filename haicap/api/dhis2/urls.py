from django.urls import URLPattern, URLResolver, re_path

from haicap.api.dhis2 import dataurls, system
from haicap.api.dhis2.doors import at, door
from haicap.api.dhis2.metadata.urls import urlpatterns as metadata

app_name = "dhis2"
urlpatterns: list[URLPattern | URLResolver] = [
    at("system/info", "system-info", GET=system.info),
    at("system/ping", "system-ping", GET=system.ping),
    at("ping", "ping", GET=system.ping),
    at("system/id", "system-id", GET=system.ids),
    *metadata,
    *dataurls.urlpatterns,
    re_path(r"^(?P<rest>.*)$", door(GET=system.unknown, POST=system.unknown), name="unknown"),
]
