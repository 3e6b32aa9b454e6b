from django.apps import AppConfig


class ApologiesConfig(AppConfig):
    name = "apps.apologies"

    def ready(self) -> None:
        from apps.campaigns.registry import register_guard, register_play

        from . import letter_receivers, receivers
        from .guards import OPEN_INCIDENT
        from .plays.apology import Apology

        del letter_receivers, receivers  # connected by being imported
        register_play(Apology())
        register_guard(OPEN_INCIDENT)
