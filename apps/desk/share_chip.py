"""The chip in the top bar: the viewer's proactive time of today, kept for half a minute."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.urls import reverse

from apps.accounts.models import Role, Shop, User
from apps.effort.shares import share_of

KEPT_SECONDS = 30


@dataclass(frozen=True)
class ShareToday:
    seconds: int
    share: float | None
    url: str


def share_today(user: User, shop: Shop, now: datetime) -> ShareToday | None:
    """One's own for who calls; the whole shop's for marketers and admins. None before the first second."""
    day = shop.day_of(now)
    whose = user if user.role in {Role.REP, Role.MANAGER} else None
    key = f"share:{whose.pk if whose else 'shop'}:{day}"
    measured = cache.get(key)
    if measured is None:
        share = share_of(first=day, last=day, user=whose)
        measured = (share.proactive, share.share, share.proactive + share.reactive > 0)
        cache.set(key, measured, KEPT_SECONDS)
    seconds, fraction, any_time = measured
    return ShareToday(seconds, fraction, reverse("desk:shift")) if any_time else None
