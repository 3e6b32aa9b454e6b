"""The mail of a reply is sent again by a person: its item is answered by it, or must not get it any more."""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.core.statuses import Conflict
from apps.outreach.models import InboundOutcome, Message
from apps.outreach.templating import as_sent
from apps.worklist.models import Outcome
from apps.worklist.services import record_outcome

from ..models import FeedbackItem, FeedbackStatus, Reply
from .answers import close_item, free_task
from .holding import PLAY

ANSWERED_SINCE = "This was answered anew since: see its feedback. The first answer is not sent a second time."
THEY_WROTE_SINCE = "They have answered this mail, so they have it. Answer what they wrote instead."
REWRITTEN_SINCE = "The reply was written anew since. Send it from its feedback, where you see both."
CANNOT_BE_ANSWERED = "Somebody has recorded since why this cannot be answered. Reopen it first."
ANOTHER_TEAMS = "Another team answers this by now. Ask them to send it again."
BELOW = "\n\n-- \n"  # of every mail: between its words and its footer


def reply_going_again(message: Message, *, by: User, now: datetime) -> None:
    """Close its item with it, as its first answer did; raises Conflict where it must not go again.

    An item that was never opened again stays as it is.
    """
    reply = _written_as(message)
    if reply is None:
        return
    _check(reply, message)
    if reply.item.status == FeedbackStatus.WAITING:
        _answer_again(reply, by=by, now=now)


def _written_as(message: Message) -> Reply | None:
    """The reply whose answer this mail was, also once another is; None of any other mail."""
    key = message.about("reply") if message.category == PLAY else None
    return Reply.objects.select_related("item").filter(pk=key).first() if key else None


def _check(reply: Reply, message: Message) -> None:
    if reply.message_id != message.pk:
        raise Conflict(ANSWERED_SINCE)
    if reply.item.status == FeedbackStatus.UNANSWERABLE:
        raise Conflict(CANNOT_BE_ANSWERED)
    if message.replies.filter(outcome=InboundOutcome.HEARD).exists():
        raise Conflict(THEY_WROTE_SINCE)
    if not _says(message, reply.words):
        raise Conflict(REWRITTEN_SINCE)


def _says(message: Message, words: str) -> bool:
    return message.text.startswith(as_sent(words) + BELOW)


def _answer_again(reply: Reply, *, by: User, now: datetime) -> None:
    item: FeedbackItem = reply.item
    task = free_task(item, by, now)
    close_item(item, FeedbackStatus.ANSWERED, by=by, now=now)
    Reply.objects.filter(pk=reply.pk).update(sent_at=now)
    if task is None:
        return
    try:
        record_outcome(task, outcome=Outcome.REPLIED, by=by, now=now)
    except PermissionDenied:
        raise Conflict(ANOTHER_TEAMS) from None
