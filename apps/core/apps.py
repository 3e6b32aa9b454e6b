from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        from .events import teach_sqlite
        from .schedules import keep_schedules_after_migrate

        connection_created.connect(teach_sqlite)
        post_migrate.connect(keep_schedules_after_migrate, sender=self)
