from django.urls import path

from haicap.api.intake.v1 import document, door, dossiers

app_name = "intake-v1"
urlpatterns = [
    path("values", door.values, name="values"),
    path("dossiers", dossiers.dossiers, name="dossiers"),
    path("openapi.json", document.openapi, name="openapi"),
]
