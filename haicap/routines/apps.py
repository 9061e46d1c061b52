from django.apps import AppConfig


class RoutinesConfig(AppConfig):
    name = "haicap.routines"
    label = "routines"
