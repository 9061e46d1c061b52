from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "haicap.units"
    label = "units"
