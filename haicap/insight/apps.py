from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "haicap.insight"
    label = "insight"
