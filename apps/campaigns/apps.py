from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CampaignsConfig(AppConfig):
    name = "apps.campaigns"

    def ready(self) -> None:
        from . import receivers
        from .defaults import make_campaigns_after_migrate
        from .guards import GUARDS
        from .plays.vip_recognition import VipRecognition
        from .plays.welcome import Welcome
        from .registry import register_guard, register_play

        del receivers  # connected by being imported
        register_play(Welcome())
        register_play(VipRecognition())
        for guard in GUARDS:
            register_guard(guard)
        post_migrate.connect(make_campaigns_after_migrate, sender=self)
