"""How the demo's reps answered feedback on a day that has passed, through the workspace's own services."""

import random
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.apologies.services import confirm_heard, dismiss_heard
from apps.apologies.services.confirming import heard_and_open
from apps.feedback.models import FeedbackItem, FeedbackStatus
from apps.feedback.services import answer, open_item, record_unanswerable
from apps.outreach.services import why_no_mail

from .voices import reply_words
from .words.feedback import CANNOT_ANSWER, PUBLIC_PLACES

LEFT_FOR_TOMORROW = 0.3
UNANSWERABLE = 0.03
NO_FAILURE = 0.15  # of what sounds like one
TAKES = (160, 520)
Span = tuple[datetime, datetime]


def answer_some(
    rep: User, *, most: int, at: datetime, chance: random.Random, leave_heard: bool = False
) -> list[Span]:
    """Answer up to `most` items that wait, the oldest first; gives the spans of time it took.

    `leave_heard`: what sounds like a failure is left for somebody to confirm.
    """
    waiting = FeedbackItem.objects.filter(status=FeedbackStatus.WAITING, received_at__lt=at)
    spans: list[Span] = []
    for item in waiting.select_related("customer").order_by("received_at", "pk"):
        if len(spans) == most:
            break
        is_left = leave_heard and heard_and_open(item) is not None
        if is_left or chance.random() < LEFT_FOR_TOMORROW or not _opened(item, rep, at):
            continue
        ends = at + timedelta(seconds=chance.randrange(*TAKES))
        _close(item, rep, at, ends, chance)
        spans.append((at, ends))
        at = ends + timedelta(seconds=chance.randrange(20, 90))
    return spans


def _opened(item: FeedbackItem, rep: User, at: datetime) -> bool:
    opened = open_item(item, by=rep, now=at)
    return opened.task is not None and not opened.in_the_way and opened.beside is None


def _close(item: FeedbackItem, rep: User, at: datetime, ends: datetime, chance: random.Random) -> None:
    _settle_what_is_heard(item, rep, ends - timedelta(seconds=30), chance)
    if chance.random() < UNANSWERABLE:
        record_unanswerable(item, reason=chance.choice(CANNOT_ANSWER), by=rep, now=ends)
    else:
        by_mail = item.place not in PUBLIC_PLACES and not why_no_mail(item.customer)
        words = reply_words(item, chance)
        answer(item, words=words, by=rep, now=ends, opened_at=at, by_mail=by_mail)


def _settle_what_is_heard(item: FeedbackItem, rep: User, at: datetime, chance: random.Random) -> None:
    """What sounds like a failure is confirmed by whoever reads it, or said to be none."""
    kind = heard_and_open(item)
    if kind is None:
        return
    if chance.random() < NO_FAILURE:
        dismiss_heard(item, by=rep, now=at)
    else:
        confirm_heard(item, kind=kind, by=rep, now=at)
