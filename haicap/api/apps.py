from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "haicap.api"
    label = "api"
