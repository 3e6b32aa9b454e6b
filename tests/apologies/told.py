"""Approved offers, each by its own ways, and what becomes of their letters."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.accounts.models import User
from apps.apologies.models import Incident, Letter, Offer
from apps.apologies.services import approve, edit_offer
from apps.customers.models import Customer
from apps.customers.services import set_permission
from apps.outreach.models import Message, ProviderEvent
from apps.outreach.services.events import follow_events
from apps.outreach.services.sending import send_due
from apps.worklist.models import Attempt, CareTask
from apps.worklist.services import record_outcome, undo_outcome
from apps.worklist.services.leases import hold
from tests import factories

SECONDS = timedelta(seconds=1)
ADDRESS = {"street": "12 Harbour Lane", "postcode": "BT1 5GS", "city": "Belfast", "country": "GB"}
WORDS = "Dear Grace,\n\nyour parcel was late, and that was our fault.\n\nWe are sorry."


def approved(
    incident: Incident, task: CareTask, *, by: User, now: datetime, reach: str = "phone", **fields: Any
) -> Offer:
    """Of this task, told by `reach`; an offer's own fields override."""
    CareTask.objects.filter(pk=task.pk).update(reach=reach)
    task.refresh_from_db()
    offer = factories.make_offer(incident, task=task, **{"words": WORDS, "channel": reach, **fields})
    approve(offer, by=by, now=now, version=1)
    task.refresh_from_db()
    return offer


def live_at(customer: Customer) -> None:
    """They have an address."""
    Customer.objects.filter(pk=customer.pk).update(**ADDRESS)
    customer.refresh_from_db()


def end(task: CareTask, outcome: str, *, by: User, now: datetime) -> Attempt:
    """Whatever the hour is: some tests read the clock."""
    task.refresh_from_db()
    if task.status != "held":
        hold(task, by=by, now=now)
    return record_outcome(task, outcome=outcome, by=by, now=now)


def undo(attempt: Attempt, *, by: User, now: datetime) -> CareTask:
    return undo_outcome(Attempt.objects.get(pk=attempt.pk), by=by, now=now)


def sent(now: datetime) -> None:
    """A worker sends what is due a minute later."""
    later = now + timedelta(minutes=1)
    send_due(clock=lambda: later, until=later + timedelta(minutes=1))


def bounced(message: Message, now: datetime, *, number: int = 1) -> None:
    """The provider says that it came back, and its events are followed as they always are."""
    ProviderEvent.objects.create(
        external_id=f"bounce-{number}-{message.pk}",
        message=message,
        kind="bounce",
        at=now,
        reason="550 no such user",
        data={"type": "bounce"},
    )
    follow_events(message, now=now)


def letters(offer: Offer) -> list[tuple[str, bool]]:
    """Each letter's way, and whether it stands; the oldest first."""
    rows = Letter.objects.filter(offer=offer).order_by("pk")
    return [(letter.way, letter.withdrawn_at is None) for letter in rows]


def given(offer: Offer) -> list[str]:
    return list(offer.given.order_by("pk").values_list("status", flat=True))


def letter_task(offer: Offer) -> CareTask:
    return CareTask.objects.get(key__startswith=f"letter:{offer.pk}:", status__in=["open", "held"])


def stands(offer: Offer) -> tuple[str, str, str]:
    """The offer, its incident and its task."""
    offer.refresh_from_db()
    incident, task = Incident.objects.get(pk=offer.incident_id), CareTask.objects.get(offer=offer)
    return offer.status, incident.status, task.status


def change(offer: Offer, by: User, now: datetime) -> None:
    """An edit, as the page would send it."""
    offer.refresh_from_db()
    parts: dict[str, Any] = {"compensation": "gift", "amount": Decimal(12), "departure": "They waited"}
    edit_offer(offer, words=WORDS, by=by, now=now, version=offer.version, **parts)


def close(customer: Customer, how: str, now: datetime) -> None:
    if how == "no address":
        Customer.objects.filter(pk=customer.pk).update(email="")
    elif how == "wrong address":
        Customer.objects.filter(pk=customer.pk).update(email="not an address")
    elif how == "suppressed":
        factories.make_suppression(customer.email)
    else:
        facts = {"channel": "email", "purpose": "service", "state": "refused", "origin": "By phone"}
        set_permission(customer, **facts, by=None, now=now)
