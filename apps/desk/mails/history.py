"""What happened to a mail, by our log and by the provider's events, oldest first."""

from dataclasses import dataclass
from datetime import datetime

from apps.core.models import Event
from apps.outreach.models import Message

from .words import said_by_provider, said_by_us

MOST = 100  # a mail has a dozen; a provider that repeats itself makes no endless page


@dataclass(frozen=True)
class Step:
    at: datetime
    what: str
    who: str
    why: str


def history_of(message: Message) -> list[Step]:
    ours = Event.objects.filter(subject="outreach.message", subject_id=message.pk).select_related("actor")
    steps = [
        Step(event.at, said_by_us(event, message), str(event.actor or ""), event.reason)
        for event in ours.order_by("at", "pk")[:MOST]
    ]
    steps += [
        Step(event.at, said_by_provider(event), "the provider", event.reason)
        for event in message.events.order_by("at", "pk")[:MOST]
    ]
    return sorted(steps, key=lambda step: step.at)
