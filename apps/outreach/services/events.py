"""What the provider says of our mails: kept, read once, and turned into where each mail is.

A mail's status is derived from all its events together, so neither their order nor their number matters.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from apps.core.nudges import enqueue
from apps.core.statuses import advance

from ..models import Message, MessageStatus, ProviderEvent, WebhookCall
from ..provider_json import events_in
from ..signals import mail_came_back
from ..signature import Signed
from .arrivals import read_again, read_each
from .claiming import LET_GO
from .wishes import heed_wishes

BATCH = 500
KEPT_FOR = timedelta(days=90)
FORGOTTEN_AT_ONCE = 5000  # in one run: what a busy shop is told in an hour
SENT, DELIVERED, BOUNCED = MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.BOUNCED
RANK: dict[str, int] = {SENT: 1, DELIVERED: 2, BOUNCED: 3}
# What each kind shows. An open, a click or a complaint shows that it was delivered; other kinds show nothing
SHOWS: dict[str, MessageStatus] = {
    **dict.fromkeys(("processed", "deferred"), SENT),
    **dict.fromkeys(("delivered", "open", "click", "spamreport", "unsubscribe"), DELIVERED),
    **dict.fromkeys(("group_unsubscribe", "group_resubscribe"), DELIVERED),
    **dict.fromkeys(("bounce", "blocked", "dropped"), BOUNCED),
}


def keep_call(signed: Signed, *, now: datetime) -> WebhookCall:
    """One row as it came; a worker is told."""
    call = WebhookCall.objects.create(
        received_at=now, timestamp=signed.timestamp, signature=signed.signature, body=signed.body
    )
    enqueue("outreach.read_events")
    return call


def read_calls(*, now: datetime) -> int:
    """Read the calls that wait; returns how many were read."""
    return read_each(WebhookCall, _read, now=now)


def replay_calls(*, now: datetime, since: datetime | None = None) -> int:
    """Read stored calls again, all or those received from `since` on. Changes only what was missed."""
    calls = WebhookCall.objects.filter(received_at__gte=since) if since else WebhookCall.objects.all()
    read_again(calls)
    done = 0
    while read := read_calls(now=now):
        done += read
    return done


def forget_calls(*, now: datetime) -> int:
    """Delete what was read and came over 90 days ago: how many. What it told stays with the mails."""
    old = WebhookCall.objects.filter(read_at__isnull=False, received_at__lt=now - KEPT_FOR)
    keys = list(old.order_by("received_at").values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    WebhookCall.objects.filter(pk__in=keys, read_at__isnull=False).delete()
    return len(keys)


def _read(call: WebhookCall, now: datetime) -> None:
    """Each step is its own transaction and safe to run twice: no two mails are ever locked at once."""
    events = events_in(call)
    _keep_events(events)
    keys = {event.message_id for event in events if event.message_id}
    for message in Message.objects.filter(pk__in=keys).order_by("pk"):
        follow_events(message, now=now)
    for event in events:
        if event.message_id is None:
            heed_wishes([event], now=now)


class NotKept(Exception):
    """The database did not take an event, and did not say why."""


def _keep_events(events: Sequence[ProviderEvent]) -> None:
    """Those that are new. SQLite passes over whatever it cannot keep, and not only over what is there."""
    ProviderEvent.objects.bulk_create(events, batch_size=BATCH, ignore_conflicts=True)
    told = {event.external_id for event in events}
    kept = ProviderEvent.objects.filter(external_id__in=told).values_list("external_id", flat=True)
    if told - set(kept):
        raise NotKept


@transaction.atomic
def follow_events(message: Message, *, now: datetime) -> None:
    """Move the mail to where its events show it, only upward, and do what they ask of us.

    What happened at an address that it went to before it was sent again says nothing of where it is now.
    """
    message = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    events = list(message.events.order_by("at", "external_id"))
    _move(message, [each for each in events if _is_of(each, message.to_address)], now)
    heed_wishes(events, message=message, now=now)


def _is_of(event: ProviderEvent, address: str) -> bool:
    return not event.address or _one_form(event.address) == _one_form(address)


def _one_form(address: str) -> str:
    """In small letters, its host as the network names it."""
    name, _, host = address.strip().lower().rpartition("@")
    try:
        return f"{name}@{host.encode('idna').decode()}"
    except UnicodeError:
        return f"{name}@{host}"


def _move(message: Message, events: Sequence[ProviderEvent], now: datetime) -> None:
    known = [SHOWS[each.kind] for each in events if each.kind in SHOWS]
    shown = max(known, key=RANK.__getitem__, default=None)
    if shown is None or message.status == MessageStatus.TAKEN_BACK:
        return
    facts = _facts(message, events, shown)
    for status in _steps(message.status, shown):
        advance(message, status, by=None, now=now, reason=facts["reason"], changes=facts | LET_GO)
        if status == BOUNCED:
            mail_came_back.send(sender=Message, message=message, now=now)
    if message.status == shown:
        _keep_facts(message, facts)


def _steps(seen: str, shown: MessageStatus) -> list[str]:
    """A mail that waits to be sent again and that the provider has after all must not go twice."""
    if RANK.get(seen, 0) >= RANK[shown]:
        return []
    return [MessageStatus.FAILED, shown] if seen == MessageStatus.QUEUED else [shown]


def _facts(message: Message, events: Sequence[ProviderEvent], shown: MessageStatus) -> dict[str, Any]:
    """What comes with the status, from all events again: the first reason to come back, when it left."""
    came_back = [each.reason or each.kind for each in events if SHOWS.get(each.kind) == BOUNCED]
    left = any(each.kind != "dropped" for each in events)
    return {
        "reason": came_back[0][:200] if shown == BOUNCED else "",
        "sent_at": message.sent_at or ((message.began_at or message.send_at) if left else None),
    }


def _keep_facts(message: Message, facts: dict[str, Any]) -> None:
    """Where the status had been reached before all was known."""
    changed = {name: value for name, value in facts.items() if getattr(message, name) != value}
    if changed:
        Message.objects.filter(pk=message.pk).update(**changed)
