"""Addresses of the regimes. What is fixed stands before the codes of forms."""

from django.urls import path

from .views import editor, regimes

app_name = "catalogue"
urlpatterns = [
    path("", regimes.listing, name="list"),
    path("ban-thao/moi/", editor.begin, name="begin"),
    path("ban-thao/<int:draft_id>/", editor.draft, name="draft"),
    path("ban-thao/<int:draft_id>/tim/", editor.find, name="find"),
    path("ban-thao/<int:draft_id>/thay-doi/", editor.changes, name="changes"),
    path("ban-thao/<int:draft_id>/bo/", editor.set_aside, name="set_aside"),
    path("<str:code>/", regimes.regime, name="regime"),
    path("<str:code>/so-sanh/", regimes.compare, name="compare"),
]
