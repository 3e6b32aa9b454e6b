"""The provider's list of events as rows: strict about nothing, so that what is new to us is kept too."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from .arriving import storable, sum_of
from .models import Message, ProviderEvent, WebhookCall

NO_LIST = "The body is no list of events"
LONGEST_KEY = 18  # digits of any key of ours


def events_in(call: WebhookCall) -> list[ProviderEvent]:
    """One for each event, in the order of their ids: two readers never wait for each other crosswise."""
    told = json.loads(call.body, parse_constant=lambda _: None, parse_float=_number)
    if not isinstance(told, list):
        raise ValueError(NO_LIST)
    events = [_event(call, _storable(one)) for one in told if isinstance(one, dict) and one]
    known = set(_known(events))
    for event in events:
        if event.message_id not in known:
            event.message_id = None
    return sorted(events, key=lambda event: event.external_id)


def _number(written: str) -> float | str:
    """As written where it is too large for a number: no database takes an infinite one."""
    value = float(written)
    return value if isfinite(value) else written


def _known(events: list[ProviderEvent]) -> Iterator[int]:
    """The keys among theirs that are ours: another system may send by the same account."""
    keys = {event.message_id for event in events if event.message_id}
    yield from Message.objects.filter(pk__in=keys).values_list("pk", flat=True)


def _event(call: WebhookCall, told: dict[str, Any]) -> ProviderEvent:
    return ProviderEvent(
        external_id=_external_id(told),
        message_id=_key(told.get("message")),
        call=call,
        kind=_text(told, "event", 24),
        at=_moment(told.get("timestamp")) or call.received_at,
        address=_text(told, "email", 254).strip().lower(),
        reason=_text(told, "reason", 300),
        data=told,
    )


def _external_id(told: dict[str, Any]) -> str:
    """`sg_event_id`; of an event without one, a sum of what it says."""
    given = _text(told, "sg_event_id", 1000)
    if given and len(given) <= 120:
        return given
    return sum_of(told)


def _key(value: Any) -> int | None:
    text = str(value)
    fits = text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY
    return int(text) if fits else None


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(value), tz=UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _text(told: dict[str, Any], name: str, most: int) -> str:
    value = told.get(name)
    return "" if value is None else str(value)[:most]


def _storable(value: Any) -> Any:
    """Each text of it in a form that a database takes."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(each) for name, each in value.items()}
    return value
