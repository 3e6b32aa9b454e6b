from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "apps.feedback"

    def ready(self) -> None:
        from apps.campaigns.registry import register_play

        from . import receivers
        from .plays.feedback_reply import FeedbackReply

        del receivers  # connected by being imported
        register_play(FeedbackReply())
