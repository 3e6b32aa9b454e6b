from django.apps import AppConfig


class EffortConfig(AppConfig):
    name = "apps.effort"
