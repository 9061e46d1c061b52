from django.urls import path

from haicap.ui import patterns

app_name = "ui"
urlpatterns = [
    path("ui/mau/", patterns.show, name="patterns"),
]
