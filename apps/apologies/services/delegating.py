"""Putting an offer on the desk of one person."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import User
from apps.core.statuses import rewrite

from ..conflicts import conflict
from ..models import UNDECIDED, Offer
from ..permissions import deciders, may_decide, why_not_decide
from ..refusals import Refused
from .locking import lock_as_shown

CANNOT_DECIDE = "{name} cannot decide on this offer. Choose a manager of the team who has no part in it yet."
IS_AWAY = "{name} is away today. Choose somebody who is here."


def delegate(offer: Offer, *, to: User, by: User, now: datetime, version: int) -> None:
    """`to` decides on it; others of the team still may. Never to its proposer, its first or an absent one."""
    if not may_decide(by, offer):
        raise PermissionDenied(why_not_decide(by, offer))
    with transaction.atomic():
        lock_as_shown(offer, version=version, now=now)
        if offer.status not in UNDECIDED:
            raise conflict(offer, now=now)
        if not may_decide(by, offer):
            raise PermissionDenied(why_not_decide(by, offer))
        _check(offer, to, now)
        put_on_desk(offer, to, by=by, now=now, reason=f"To {to}")


def put_on_desk(offer: Offer, to: User | None, *, by: User | None, now: datetime, reason: str) -> None:
    """`offer` is locked. None is the team's."""
    rewrite(offer, "handed over", {"approver": to}, by=by, now=now, reason=reason[:200])


def _check(offer: Offer, to: User, now: datetime) -> None:
    able = deciders(offer).filter(pk=to.pk)
    if not able.exists():
        raise Refused(CANNOT_DECIDE.format(name=to))
    if not able.present_on(shop_calendar().local_day(now)).exists():
        raise Refused(IS_AWAY.format(name=to))
