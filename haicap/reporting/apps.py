from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "haicap.reporting"
    label = "reporting"
