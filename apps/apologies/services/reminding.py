"""The approver's clock runs: reminders at half and at four fifths of the time, then a deputy.

What came back waits for a change and for no approver: it is reminded of, and stays where it is.
Run every minute, by how many workers there are: each offer is locked, and marked with what was done.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from apps.accounts.calendars import shop_calendar
from apps.core.models import Event

from ..clock import FOUR_FIFTHS, HALF, HOURS, OVER, horizon
from ..deputies import Deputies
from ..models import UNDECIDED, Offer
from ..querysets import OfferQuerySet
from .delegating import put_on_desk

BATCH = 500
REMINDERS = {FOUR_FIFTHS: "Four fifths of the time are over", HALF: "Half of the time is over"}
IS_AWAY = "{name} is not here today"
IS_LATE = "It is owed by now"
STILL_TO_CHANGE = "It is owed by now, and still to be changed"
NOBODY = "Nobody else is here to decide"


def remind_approvers(*, now: datetime) -> dict[str, int]:
    """Returns how many offers of each were found."""
    calendar = shop_calendar()
    here = Deputies.on(calendar.local_day(now))
    waiting = Offer.objects.filter(status__in=UNDECIDED)
    late = waiting.filter(due_at__lte=now, reminded__lt=OVER)
    to_change = Offer.objects.came_back()
    overdue = to_change.filter(due_at__lte=now, reminded__lt=OVER)
    away = waiting.filter(approver__isnull=False).exclude(approver__in=list(here.people))
    return {
        "away": sum(_skip(some, here, now) for some in _batches(away)),
        "late": sum(_hand_over(some, here, now) for some in _batches(late))
        + sum(_remind(some, OVER, STILL_TO_CHANGE, now) for some in _batches(overdue)),
        "reminded": sum(
            _remind(some, stage, words, now)
            for stage, words in REMINDERS.items()
            for severity in HOURS
            for offers in (waiting, to_change)
            for some in _batches(
                offers.filter(
                    for_severity=severity,
                    reminded__lt=stage,
                    due_at__lte=horizon(calendar, severity, stage, now),
                )
            )
        ),
    }


def _batches(offers: OfferQuerySet) -> Iterator[list[Offer]]:
    """Locked, in pieces, until none is left: each piece must drop out of `offers` when it is worked on.

    What somebody is deciding on this instant is left to them, and to the next run.
    """
    free = offers.select_for_update(of=("self",), skip_locked=True).select_related("task", "approver")
    while True:
        with transaction.atomic():
            some = list(free.order_by("due_at", "pk")[:BATCH])
            if not some:
                return
            yield some


def _remind(offers: list[Offer], stage: int, words: str, now: datetime) -> int:
    Offer.objects.filter(pk__in=[offer.pk for offer in offers]).update(reminded=stage)
    Event.objects.bulk_create(_reminder(offer, stage, words, now) for offer in offers)
    return len(offers)


def _reminder(offer: Offer, stage: int, words: str, now: datetime) -> Event:
    return Event(
        at=now,
        subject=Offer._meta.label_lower,
        subject_id=offer.pk,
        verb="reminded",
        reason=words,
        data={"reminded": stage},
    )


def _skip(offers: list[Offer], here: Deputies, now: datetime) -> int:
    """Who is away today is passed over at once."""
    for offer in offers:
        reason = IS_AWAY.format(name=offer.approver)
        put_on_desk(offer, here.for_offer(offer), by=None, now=now, reason=reason)
    return len(offers)


def _hand_over(offers: list[Offer], here: Deputies, now: datetime) -> int:
    """The time is over: somebody else has it now, the approver's deputy first."""
    Offer.objects.filter(pk__in=[offer.pk for offer in offers]).update(reminded=OVER)
    for offer in offers:
        deputy = here.for_offer(offer)
        reason = IS_LATE if deputy else f"{IS_LATE}. {NOBODY}"
        put_on_desk(offer, deputy or offer.approver, by=None, now=now, reason=reason)
    return len(offers)
