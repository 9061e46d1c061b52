from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "haicap.tables"
    label = "tables"
