from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "haicap.ui"
    label = "ui"
