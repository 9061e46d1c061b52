from django.urls import URLPattern, URLResolver, include, path

handler400 = "haicap.config.views.bad_request"
handler403 = "haicap.config.views.forbidden"
handler404 = "haicap.config.views.not_found"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("haicap.accounts.urls")),
]
