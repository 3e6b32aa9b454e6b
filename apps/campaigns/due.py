"""Which campaigns a tick passes over: each is claimed by a conditional UPDATE, one of two ticks gets it."""

from datetime import datetime, timedelta

from django.db.models import Q

from .models import Campaign
from .registry import plays

PAUSE = timedelta(minutes=10)


def running(now: datetime) -> list[str]:
    """The plays whose campaigns are on and have started."""
    on = set(Campaign.objects.filter(is_on=True, starts_at__lte=now).values_list("play", flat=True))
    return [play.code for play in plays() if play.code in on]


def claim_due(now: datetime) -> list[str]:
    """Those among them that had no pass in the last minutes, claimed for the caller.

    A pass that somebody ran for a moment to come does not stop those of today.
    """
    rested = Q(last_pass_at=None) | Q(last_pass_at__lte=now - PAUSE) | Q(last_pass_at__gt=now)
    return [
        play for play in running(now) if Campaign.objects.filter(rested, play=play).update(last_pass_at=now)
    ]
