from django.urls import URLPattern, URLResolver, include, path

from haicap.config.health import health

handler400 = "haicap.config.views.bad_request"
handler403 = "haicap.config.views.forbidden"
handler404 = "haicap.config.views.not_found"

urlpatterns: list[URLPattern | URLResolver] = [
    path("suc-khoe/", health, name="health"),
    path("", include("haicap.accounts.urls")),
    path("", include("haicap.ui.urls")),
    path("bao-cao/", include("haicap.reporting.urls")),
    path("ho-so/", include("haicap.dossiers.urls")),
    path("che-do/", include("haicap.catalogue.urls")),
    path("thong-bao/", include("haicap.notify.urls")),
    path("api/open/v1/", include("haicap.api.open.v1.urls")),
    path("api/intake/v1/", include("haicap.api.intake.v1.urls")),
    path("api/sql/v1/", include("haicap.api.sql.v1.urls")),
    # answers everything under api/ that no other line took, so it stays the last of them
    path("api/", include("haicap.api.dhis2.urls")),
    path("", include("haicap.desk.urls")),
]
