from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "apps.worklist"

    def ready(self) -> None:
        from . import receivers

        del receivers  # connected by being imported
