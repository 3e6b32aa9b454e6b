"""The approver's clock: how soon an apology is due, in business hours of the shop since we knew.

The hours are ours: long enough for a manager who is there, short enough for a customer who still waits.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Shop
from apps.core.business_time import BusinessCalendar

from .models import Offer, Severity

HOURS: dict[str, int] = {Severity.SERIOUS: 4, Severity.MODERATE: 8, Severity.MINOR: 16}
HALF, FOUR_FIFTHS, OVER = 1, 2, 3  # what `Offer.reminded` counts
LEFT = {HALF: 0.5, FOUR_FIFTHS: 0.2}  # the part of the time that is left at a reminder
APPROVAL_HOLDS = timedelta(days=14)


def apology_clock(shop: Shop | None = None) -> Callable[[datetime, str], datetime]:
    """When the apology for a failure is due, by the moment we knew and its severity; answers are kept."""
    calendar = shop_calendar(shop)

    @cache
    def due(detected_at: datetime, severity: str) -> datetime:
        return calendar.add_working_seconds(detected_at, HOURS[severity] * 3600)

    return due


def handed_over_anew(offer: Offer) -> dict[str, Any]:
    """The fields of an offer that leaves a desk: once its time is over, a deputy gets it again."""
    return {"approver": None, "reminded": min(offer.reminded, FOUR_FIFTHS)}


def horizon(calendar: BusinessCalendar, severity: str, stage: int, now: datetime) -> datetime:
    """Whatever of this severity is due until then has come to the reminder `stage` by now.

    The time that is left from now until an offer is due is known without looking at when it began.
    """
    return calendar.add_working_seconds(now, round(HOURS[severity] * 3600 * LEFT[stage]))
