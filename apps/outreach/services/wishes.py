"""What an event asks of us: to write no more to a dead address, or to one who does not want it.

Read from all events each time, so it may be done twice; a later word of a person or customer stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.customers.models import Channel, Permission, Purpose

from ..models import Message, ProviderEvent, Scope, Suppression, SuppressionReason
from .suppressing import suppress
from .unsubscribing import ORIGIN, refuse_optional_mail

SOFT = {"blocked", "expired"}  # types of a bounce that say nothing of the address
# Why the provider did not even try: it keeps lists of its own
DROPPED = {
    "bounced address": SuppressionReason.BOUNCED,
    "spam reporting address": SuppressionReason.SPAM,
    "unsubscribed address": SuppressionReason.UNSUBSCRIBED,
}
UNSUBSCRIBES = {"unsubscribe", "group_unsubscribe"}
NOTES = {
    SuppressionReason.BOUNCED: "The provider says that the address takes no mail",
    SuppressionReason.SPAM: "Marked a mail of ours as spam",
    SuppressionReason.UNSUBSCRIBED: ORIGIN,
}


@dataclass(frozen=True)
class Wish:
    address: str
    reason: SuppressionReason
    at: datetime

    @property
    def scope(self) -> Scope:
        return Scope.OPTIONAL if self.reason == SuppressionReason.UNSUBSCRIBED else Scope.ALL


def heed_wishes(events: Iterable[ProviderEvent], *, now: datetime, message: Message | None = None) -> None:
    """Suppress what they ask for; of a mail of ours also keep that its customer refused."""
    wishes = [wish for event in events if (wish := _wish(event, message))]
    for wish in sorted(wishes, key=lambda each: (each.address, each.scope, each.at)):
        if _lifted_since(wish):
            continue
        note = NOTES[wish.reason]
        suppress(
            wish.address, scope=wish.scope, reason=wish.reason, by=None, now=now, message=message, note=note
        )
        if message and wish.scope == Scope.OPTIONAL and not _given_since(message, wish):
            refuse_optional_mail(message, now=now)


def _wish(event: ProviderEvent, message: Message | None) -> Wish | None:
    reason = _reason(event)
    address = event.address or (message.to_address.lower() if message else "")
    return Wish(address, reason, event.at) if reason and "@" in address else None


def _reason(event: ProviderEvent) -> SuppressionReason | None:
    if event.kind == "spamreport":
        return SuppressionReason.SPAM
    if event.kind in UNSUBSCRIBES:
        return SuppressionReason.UNSUBSCRIBED
    if event.kind == "dropped":
        return DROPPED.get(event.reason.strip().lower())
    is_hard = event.kind == "bounce" and str(event.data.get("type", "")).lower() not in SOFT
    return SuppressionReason.BOUNCED if is_hard else None


def _lifted_since(wish: Wish) -> bool:
    return Suppression.objects.filter(address=wish.address, scope=wish.scope, lifted_at__gte=wish.at).exists()


def _given_since(message: Message, wish: Wish) -> bool:
    return Permission.objects.filter(
        customer=message.customer_id,
        channel=Channel.EMAIL,
        purpose=Purpose.RECOGNITION,
        state=Permission.State.GIVEN,
        at__gt=wish.at,
    ).exists()
