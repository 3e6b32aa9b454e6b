"""How the demo's mails went: each sent at its own time, and what the provider told of it that evening.

The steps of a sender, without a network: whatever keys are set, nothing of the demo's past leaves the
machine.
"""

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.outreach.faults import NO_ANSWER_IN_TIME
from apps.outreach.gateway import CUT, Accepted, InDoubt
from apps.outreach.models import Message, MessageStatus, WebhookCall
from apps.outreach.services.claiming import begin, claim_mails
from apps.outreach.services.events import read_calls
from apps.outreach.services.recording import Result, record_result
from apps.outreach.services.sending import refusal_before_sending

SIGNED = "demo"  # by which the calls that nobody made are known
LEAVES_IN, ARRIVES_IN = (2, 15), (2, 90)  # seconds
NO_SUCH_ADDRESS = "550 5.1.1 The e-mail account that you tried to reach does not exist."


@dataclass(frozen=True)
class Post:
    """The mails of a day. `bounces` is one that comes back, `doubtful` one of which nobody heard again."""

    chance: random.Random
    bounces: Message | None = None
    doubtful: Message | None = None

    def send_and_tell(self, *, at: datetime) -> int:
        """Send what is due by then, and read what the provider says of it: how many were sent."""
        sent = self._send(until=at)
        events = [event for mail in sent for event in self._events(mail)]
        if events:
            moment = str(int(at.timestamp()))
            WebhookCall.objects.create(
                received_at=at, timestamp=moment, signature=SIGNED, body=json.dumps(events)
            )
            read_calls(now=at)
        return len(sent)

    def _send(self, *, until: datetime) -> list[Message]:
        tried = []
        while mail := Message.objects.due(until).first():
            at = mail.send_at + timedelta(seconds=self.chance.randrange(*LEAVES_IN))
            claim = claim_mails(now=at, at_most=1)
            begun = begin(claim.mails[0], now=at) if claim else None
            if begun:
                result = refusal_before_sending(begun) or self._result(begun)
                record_result(begun, result, now=at + timedelta(seconds=1))
                tried.append(begun.pk)
        return list(Message.objects.filter(pk__in=tried, status=MessageStatus.SENT).order_by("sent_at", "pk"))

    def _result(self, mail: Message) -> Result:
        if self.doubtful and mail.pk == self.doubtful.pk:
            return InDoubt(CUT.format(why=NO_ANSWER_IN_TIME))
        return Accepted(f"demo-{mail.pk}")

    def _events(self, mail: Message) -> list[dict[str, Any]]:
        assert mail.sent_at is not None  # noqa: S101 - for the type checker: these were sent
        ends_at = mail.sent_at + timedelta(seconds=self.chance.randrange(*ARRIVES_IN))
        end = {"event": "delivered"}
        if self.bounces and mail.pk == self.bounces.pk:
            end = {"event": "bounce", "type": "bounce", "reason": NO_SUCH_ADDRESS}
        return [_event(mail, mail.sent_at, event="processed"), _event(mail, ends_at, **end)]


def _event(mail: Message, at: datetime, *, event: str, **more: str) -> dict[str, Any]:
    return {
        "event": event,
        "email": mail.to_address,
        "timestamp": int(at.timestamp()),
        "message": str(mail.pk),
        "sg_event_id": f"demo-{mail.pk}-{event}",
        **more,
    }
