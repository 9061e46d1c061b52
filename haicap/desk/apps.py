from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "haicap.desk"
    label = "desk"
