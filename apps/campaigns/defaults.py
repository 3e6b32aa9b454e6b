from typing import Any

from django.db import connections

from .models import Campaign
from .plays import Play
from .registry import plays

HOLDOUT_PERCENT = 10


def make_campaigns_after_migrate(*, using: str, **_: Any) -> None:
    """Receiver of post_migrate: one campaign per play, off, with the play's words; those that stand stay."""
    if Campaign._meta.db_table in connections[using].introspection.table_names():
        for play in plays():
            Campaign.objects.using(using).get_or_create(play=play.code, defaults=_settings(play))


def _settings(play: Play) -> dict[str, Any]:
    return {
        "name": play.name,
        "holdout_percent": 0 if play.owed else HOLDOUT_PERCENT,
        "goal": play.script.goal,
        "opening_line": play.script.opening_line,
        "talk_points": play.script.talk_points,
        "gestures": play.script.gestures,
        "minutes_per_task": play.script.minutes,
    }
