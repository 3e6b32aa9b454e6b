"""Switching campaigns on and off, and changing what they are set to."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.core.nudges import enqueue
from apps.core.statuses import record

from .models import Campaign
from .permissions import may_set_campaigns

NOT_YOURS = "Marketers, managers and admins set campaigns. Ask one of them."


def switch_on(
    campaign: Campaign, *, by: User | None, now: datetime, starts_at: datetime | None = None
) -> None:
    """Find people for it from now on. The first time sets its start, unless `starts_at` says another."""
    _check(by)
    start = starts_at or campaign.starts_at or now
    with transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(is_on=True, starts_at=start)
        record(campaign, "switched on", by=by, now=now, starts_at=start.isoformat())
        enqueue("campaigns.run")
    campaign.is_on, campaign.starts_at = True, start


def switch_off(campaign: Campaign, *, by: User | None, now: datetime) -> None:
    """Find nobody new. Tasks that stand stay with the people who have them."""
    _check(by)
    with transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(is_on=False)
        record(campaign, "switched off", by=by, now=now)
    campaign.is_on = False


def change_settings(campaign: Campaign, *, by: User | None, now: datetime, **settings: Any) -> None:
    """Set what is given; the Event keeps which settings changed, and from what."""
    _check(by)
    stored = Campaign.objects.get(pk=campaign.pk)
    was = {name: getattr(stored, name) for name, value in settings.items() if getattr(stored, name) != value}
    if not was:
        return
    with transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(**{name: settings[name] for name in was})
        record(campaign, "set", by=by, now=now, was={name: _plain(value) for name, value in was.items()})
    for name in was:
        setattr(campaign, name, settings[name])


def _check(by: User | None) -> None:
    if by is not None and not may_set_campaigns(by):
        raise PermissionDenied(NOT_YOURS)


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str | None) else str(value)
