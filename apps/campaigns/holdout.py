"""Who is left out on purpose, so that one can see what the calls change.

The share is drawn by a hash of play and customer: the same on every run, on SQLite and PostgreSQL, and after
an import into an empty database. A higher percentage keeps everybody that a lower one left out.
"""

from typing import TYPE_CHECKING

from django.db.models import F, Value
from django.db.models.functions import MD5, Concat, Left
from django.db.models.lookups import LessThan

if TYPE_CHECKING:
    from .models import Campaign
    from .plays import Play

DIGITS = 8


def in_holdout(play: "Play", campaign: "Campaign") -> LessThan | None:
    """A condition on Candidate; None where nobody is held out. What we owe is never held out."""
    if play.owed or not campaign.holdout_percent:
        return None
    identity = Concat(Value(f"{play.code}:"), F("customer__source"), Value(":"), F("customer__external_id"))
    below = 16**DIGITS * campaign.holdout_percent // 100
    return LessThan(Left(MD5(identity), DIGITS), Value(f"{below:0{DIGITS}x}"))
