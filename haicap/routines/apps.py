from django.apps import AppConfig


class RoutinesConfig(AppConfig):
    name = "haicap.routines"
    label = "routines"
    default_auto_field = "django.db.models.BigAutoField"
