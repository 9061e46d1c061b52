from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "haicap.dossiers"
    label = "dossiers"
