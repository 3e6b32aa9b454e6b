"""What the mail pages say: the state of a mail, its history, and what to do about it."""

from dataclasses import dataclass

from django.conf import settings

from apps.core.models import Event
from apps.outreach.models import Message, MessageStatus, ProviderEvent

DEALT_WITH_ELSEWHERE = {MessageStatus.FAILED, MessageStatus.BOUNCED}
SENT_BY_HAND = {MessageStatus.UNKNOWN, MessageStatus.FAILED}


@dataclass(frozen=True)
class State:
    icon: str
    kind: str
    words: str
    do: str = ""


STATES = {
    "queued": State("hourglass", "", "Waits to be sent"),
    "sending": State("out", "", "On its way"),
    "sent": State("check", "", "Sent"),
    "delivered": State("check", "good", "Arrived"),
    "bounced": State("alert", "alert", "Came back", "This address takes no mail: reach them another way."),
    "failed": State(
        "alert", "alert", "Not sent", "Send it again, or reach them another way if it fails anew."
    ),
    "unknown": State(
        "help",
        "alert",
        "Not known",
        "Nobody can tell whether it went out. Look for a sign that it arrived, then say what you found.",
    ),
    "taken_back": State("undo", "", "Taken back"),
}
STAYED = State("check", "", "Stayed here")  # of `sent`, where no provider has it
VERBS = {
    "queued": "Put on its way",
    "sending": "Taken up by the sender",
    "sent": "Handed to the provider",
    "delivered": "Arrived",
    "bounced": "Came back",
    "failed": "Not sent",
    "unknown": "Not known whether it went out",
    "taken_back": "Taken back",
    "looked_at": "Looked at, and dealt with another way",
}
ACCEPTED_HERE = "Accepted here: no key of the mail provider was set, so it left for nobody"
PROVIDER = {
    "processed": "The provider has it",
    "delivered": "Their mail server took it",
    "deferred": "Their mail server asked to wait",
    "bounce": "Their mail server sent it back",
    "blocked": "Their mail server refused it",
    "dropped": "The provider did not send it",
    "open": "Opened",
    "click": "A link was opened",
    "spamreport": "Marked as spam",
    "unsubscribe": "Unsubscribed",
    "group_unsubscribe": "Unsubscribed",
}


def state_of(message: Message) -> State:
    is_sent = message.status == MessageStatus.SENT
    return STAYED if is_sent and message.stayed_here else STATES[message.status]


def said_by_us(event: Event, message: Message) -> str:
    if event.to_status == MessageStatus.SENT and message.stayed_here:
        return ACCEPTED_HERE
    return VERBS.get(event.to_status or event.verb, event.verb.replace("_", " ").capitalize())


def said_by_provider(event: ProviderEvent) -> str:
    return PROVIDER.get(event.kind, event.kind.replace("_", " ").capitalize())


def stays_here() -> bool:
    """No key of the provider is set: mails are rendered and listed, and leave this machine not."""
    return not getattr(settings, "SENDGRID_API_KEY", "")
