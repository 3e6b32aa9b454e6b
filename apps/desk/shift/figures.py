"""The six figures of the board, each with how it is counted. Read in one query, kept for five minutes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import RowNumber

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Shop
from apps.core.templatetags.ui import duration, percent
from apps.customers.models import Order
from apps.effort.models import TimeEntry
from apps.effort.report import Report
from apps.feedback.models import FeedbackItem, FeedbackStatus
from apps.worklist.models import Attempt, Outcome

KEPT_SECONDS = 300
ANSWERED_HOW = (
    "Of the items that came in on these days: those with a sent reply or a recorded reason why "
    "they cannot be answered."
)


@dataclass(frozen=True)
class Figure:
    label: str
    figure: str
    unit: str
    meaning: str
    how: str
    icon: str = "info"
    kind: str = ""
    url: str = ""


@dataclass(frozen=True)
class Counts:
    """What the figures are made of, and when they were counted."""

    at: datetime
    calls: int
    tried: int
    reached: int
    feedback: int
    answered: int
    answer_seconds: float | None
    orders: int
    unmatched: bool


def counts_for(shop: Shop, first: date, last: date, *, now: datetime) -> Counts:
    """Counted at most five minutes ago."""
    key = f"shift-figures:{first}:{last}"
    counts: Counts | None = cache.get(key)
    if counts is None:
        counts = count(shop, first, last, now=now)
        cache.set(key, counts, KEPT_SECONDS)
    return counts


def count(shop: Shop, first: date, last: date, *, now: datetime) -> Counts:
    """One query of sub-selects."""
    calendar = shop_calendar(shop)
    start, end = calendar.start_of_day(first), calendar.start_of_day(last + timedelta(days=1))
    attempts = Attempt.objects.filter(ended_at__gte=start, ended_at__lt=end, undone_at__isnull=True)
    calls = attempts.exclude(outcome=Outcome.REPLIED)
    items = FeedbackItem.objects.filter(received_at__gte=start, received_at__lt=end)
    answered = FeedbackItem.objects.filter(
        status=FeedbackStatus.ANSWERED, closed_at__gte=start, closed_at__lt=end
    )
    found = Shop.objects.filter(pk=shop.pk).values(
        calls=_number(calls),
        tried=_number(calls, "task_id"),
        reached=_number(calls.filter(outcome=Outcome.TALKED), "task_id"),
        feedback=_number(items),
        answered=_number(items.exclude(status=FeedbackStatus.WAITING)),
        answer=_median_answer(answered),
        orders=_number(Order.objects.counted().filter(placed_at__gte=start, placed_at__lt=end)),
        unmatched=Exists(TimeEntry.objects.unmatched()),
    )
    facts: dict[str, Any] = dict(found[0])
    answer = facts.pop("answer")
    return Counts(at=now, answer_seconds=answer.total_seconds() if answer is not None else None, **facts)


def _number(rows: QuerySet[Any], field: str = "pk") -> Subquery:
    """How many rows (or different values of a field) as a sub-select."""
    counted = rows.order_by().annotate(one=Value(1)).values("one")
    return Subquery(
        counted.annotate(number=Count(field, distinct=field != "pk")).values("number"),
        output_field=IntegerField(),
    )


def _median_answer(answered: QuerySet[FeedbackItem]) -> Subquery:
    """The middle one of the times from arrival to answer."""
    took = ExpressionWrapper(F("closed_at") - F("received_at"), output_field=DurationField())
    places = answered.order_by().annotate(
        took=took,
        nth=Window(RowNumber(), order_by=[F("took").asc(), F("pk").asc()]),
        number=Window(Count("*")),
    )
    middle = places.filter(nth=(F("number") + 1) / 2)
    return Subquery(middle.values("took")[:1], output_field=DurationField())


def figures(report: Report, counts: Counts, entries_url: str) -> list[Figure]:
    return [
        _calls(counts),
        _reached(counts),
        _answered(counts),
        _time_to_answer(counts),
        _contacts(report, counts, entries_url),
        _not_measured(report),
    ]


def _calls(counts: Counts) -> Figure:
    tasks = "1 task" if counts.tried == 1 else f"{counts.tried:,} tasks"
    return Figure(
        "Calls made",
        f"{counts.calls:,}",
        f"for {tasks}" if counts.calls else "",
        "Each with its outcome" if counts.calls else "No call has an outcome yet",
        "Attempts with an outcome that was not taken back. Written replies are not calls.",
        icon="phone",
    )


def _reached(counts: Counts) -> Figure:
    share = counts.reached / counts.tried if counts.tried else None
    return Figure(
        "Reached",
        percent(share) if share is not None else "–",
        _people(counts.reached) if counts.tried else "",
        "Somebody answered and talked" if counts.tried else "Nobody was called",
        "Tasks with the outcome “talked”, over all tasks that were tried by phone.",
        icon="speech",
    )


def _people(number: int) -> str:
    return "1 customer" if number == 1 else f"{number:,} customers"


def _answered(counts: Counts) -> Figure:
    waiting = counts.feedback - counts.answered
    if not counts.feedback:
        return Figure("Feedback answered", "–", "", "No feedback came in", ANSWERED_HOW, icon="feedback")
    meaning = "Every item has its answer" if not waiting else f"{waiting:,} still without an answer"
    return Figure(
        "Feedback answered",
        percent(counts.answered / counts.feedback),
        f"{counts.answered:,} of {counts.feedback:,}",
        meaning,
        ANSWERED_HOW,
        icon="hourglass" if waiting else "check",
        kind="" if waiting else "good",
    )


def _time_to_answer(counts: Counts) -> Figure:
    seconds = counts.answer_seconds
    return Figure(
        "Time to an answer",
        _span(seconds) if seconds is not None else "–",
        "median" if seconds is not None else "",
        "Half of the answers came sooner" if seconds is not None else "No answer was sent",
        "From arrival to the sent reply, nights and weekends included; answers sent on these days.",
        icon="hourglass",
    )


def _span(seconds: float) -> str:
    days = seconds / 86_400
    return duration(seconds) if days < 2 else f"{days:.0f} days"


def _contacts(report: Report, counts: Counts, url: str) -> Figure:
    contacts = report.total.reactive_entries
    rate = contacts / counts.orders * 100 if counts.orders else None
    meaning = f"{contacts:,} contacts, {counts.orders:,} orders"
    return Figure(
        "Contacts per 100 orders",
        f"{rate:,.1f}" if rate is not None else "–",
        "",
        meaning if contacts or counts.orders else "No contacts and no orders",
        "Reactive contacts that were logged or imported, over the orders placed, void ones left out.",
        icon="in",
        url=url if contacts else "",
    )


def _not_measured(report: Report) -> Figure:
    share = report.unmeasured_share
    much = share is not None and share > 0.5
    return Figure(
        "Not measured",
        percent(share) if share is not None else "–",
        f"{duration(report.unmeasured)} of working time" if share is not None else "",
        _how_sure(share),
        "Working hours of reps and managers (own or the shop’s week, holidays off, up to now), less "
        "the time that was logged. It counts as unknown, never as proactive.",
        icon="alert" if much else "info",
        kind="alert" if much else "",
    )


def _how_sure(share: float | None) -> str:
    if share is None:
        return "Nobody was at work on these days"
    return "Over half is unknown" if share > 0.5 else "The share speaks for the rest"
