from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "haicap.audit"
    label = "audit"
