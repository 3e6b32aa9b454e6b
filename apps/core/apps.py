from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        from .schedules import keep_schedules_after_migrate

        post_migrate.connect(keep_schedules_after_migrate, sender=self)
