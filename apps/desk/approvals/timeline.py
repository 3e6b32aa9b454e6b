"""So far: the order, the failure, and each step of the offer, oldest first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from apps.apologies.deliveries import deliveries_of
from apps.apologies.models import Incident, Offer, OfferStatus
from apps.core.models import Event

HANDED_OVER = "Handed over"
OFFER_WORDS = {
    "proposed": "Proposed",
    "edited": "Changed",
    "refreshed": "Made anew",
    "reminded": "Reminded",
    "handed over": HANDED_OVER,
    "lowered": "Made less",
    "seconding": "Approved by the first of two",
    "approved": "Approved",
    "returned": "Returned",
    "declined": "Declined",
    "delivered": "The customer heard it",
    "letter_out": "Its letter was made",
    "letter_withdrawn": "Its letter was withdrawn",
    "letter_came_back": "Its mail came back, but what it gave was used",
    "answered": "They answered",
    "given back": "What it gave was taken back",
    "withdrawn": "Withdrawn",
}
INCIDENT_WORDS = {
    "reported": "Reported",
    "reported again": "Reported again",
    "absorbed": "It grew worse",
    "resolved": "Resolved",
    "open": "Opened again",
}
HEARD_BEFORE = "They heard our apology for this order"
AGAIN = "Put to decide again"
SYSTEM = "carecrm"


@dataclass(frozen=True)
class Step:
    """`at` is a moment or, where only the day is known, a day."""

    what: str
    at: datetime | None = None
    day: date | None = None
    who: str = ""
    note: str = ""
    is_now: bool = False
    voids: bool = False  # an approval


def so_far(offer: Offer) -> list[Step]:
    steps = sorted([*_order_steps(offer.incident), *_event_steps(offer)], key=_moment)
    if not steps:
        return []
    last = steps[-1]
    return [*steps[:-1], replace(last, is_now=True)]


def _moment(step: Step) -> datetime:
    """Of a day its end: what is promised for a day comes after what happened on it."""
    return step.at or datetime.combine(step.day or date.min, time.max, UTC)


def _order_steps(incident: Incident) -> list[Step]:
    order = incident.order
    if order is None:
        return [Step("Found", at=incident.detected_at)] if incident.reported_by_id is None else []
    steps = [Step(f"Order {order.external_id[:14]} placed", at=order.placed_at)]
    if order.promised_on:
        steps.append(Step("Promised for this day", day=order.promised_on))
    if order.delivered_at:
        steps.append(Step("Arrived", at=order.delivered_at))
    if incident.follows_id:
        steps.extend(_heard_before(incident))
    if incident.reported_by_id is None:
        steps.append(Step("Found by carecrm", at=incident.detected_at))
    return steps


def _heard_before(incident: Incident) -> Iterator[Step]:
    """When they heard the apology that this failure came after."""
    heard = Offer.objects.filter(incident=incident.follows_id)
    for event in deliveries_of(heard.values("pk")).select_related("actor")[:1]:
        yield Step(HEARD_BEFORE, at=event.at, who=str(event.actor) if event.actor else SYSTEM)


def _event_steps(offer: Offer) -> list[Step]:
    """From the log of both rows, in one query."""
    subjects = {Offer._meta.label_lower: OFFER_WORDS, Incident._meta.label_lower: INCIDENT_WORDS}
    rows = Event.objects.filter(subject=Offer._meta.label_lower, subject_id=offer.pk) | Event.objects.filter(
        subject=Incident._meta.label_lower, subject_id=offer.incident_id
    )
    events = rows.select_related("actor").order_by("at", "pk")
    return [
        _step(event, subjects[event.subject]) for event in events if event.verb in subjects[event.subject]
    ]


def _step(event: Event, words: dict[str, str]) -> Step:
    is_again = event.verb == OfferStatus.PROPOSED and bool(event.from_status)
    return Step(
        AGAIN if is_again else words[event.verb],
        at=event.at,
        who=str(event.actor) if event.actor else SYSTEM,
        note=event.reason,
        voids=is_again and event.from_status == OfferStatus.APPROVED,
    )
