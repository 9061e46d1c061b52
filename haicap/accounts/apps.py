from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "haicap.accounts"
    label = "accounts"
