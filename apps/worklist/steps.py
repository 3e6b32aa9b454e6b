"""What becomes of a task after an outcome: decided here from what stands in it, written elsewhere."""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Shop, User

from .calling import other_way, window_in
from .models import CareTask, Outcome, Reach, TaskStatus

MORNING, AFTERNOON, EVENING = 10, 14, 17
PROMISED = 0

CALL_BACK_NEEDS_TIME = "Say when they want to be called back."
CALL_BACK_PASSED = "That moment has passed. Choose a later one."
CALL_BACK_OUTSIDE = (
    "{at} is outside the hours in which they may be called ({opens} to {closes} where they are)."
)


class CannotPromise(ValueError):
    """This call back cannot be promised; the message says why."""


@dataclass(frozen=True)
class Step:
    """Where the task goes, why, and which of its fields change with it."""

    to: TaskStatus
    reason: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ending:
    """An attempt's outcome, who recorded it and when; for a call back, what was promised."""

    outcome: Outcome
    by: User
    now: datetime
    shop: Shop
    call_back_at: datetime | None = None


def step_after(task: CareTask, ending: Ending) -> Step:
    if ending.outcome in {Outcome.TALKED, Outcome.REPLIED}:
        return Step(TaskStatus.DONE)
    if ending.outcome in {Outcome.VOICEMAIL, Outcome.NO_ANSWER}:
        return _not_reached(task, ending)
    if ending.outcome == Outcome.CALL_BACK:
        return _promised(task, ending)
    if ending.outcome == Outcome.PROBLEM_FOUND:
        return _problem_found(task, ending)
    if ending.outcome == Outcome.DO_NOT_CALL and not task.owed:
        return Step(TaskStatus.WITHDRAWN, "Asked not to be called")
    return on_another_channel(task, ending.outcome.label)


def on_another_channel(task: CareTask, reason: str) -> Step:
    """Off the phone for good: what is owed is never dropped."""
    reach = other_way(task)
    changes = {"reach": reach, "opens_at": None, "calls_from": None, "calls_until": None}
    return Step(TaskStatus.OPEN, f"{reason}: {Reach(reach).label.lower()}"[:120], changes)


def _not_reached(task: CareTask, ending: Ending) -> Step:
    if task.attempts_made + 1 < task.attempts_allowed:
        again = _retry(task, ending, task.zone)
        if task.expires_at is None or again.changes["opens_at"] < task.expires_at:
            return again
        return Step(TaskStatus.EXPIRED, "Not reached before it ran out")
    if not task.owed:
        return Step(TaskStatus.EXPIRED, f"Not reached in {task.attempts_allowed} tries")
    if task.reach == Reach.PHONE:
        return on_another_channel(task, f"Not reached in {task.attempts_allowed} tries")
    return _retry(task, ending, task.zone)


def _retry(task: CareTask, ending: Ending, zone: str) -> Step:
    """The next business day at another hour of the customer's day, inside their calling window."""
    calendar = shop_calendar(ending.shop)
    day = calendar.add_business_days(calendar.local_day(ending.now), 1)
    here = window_in(zone, ending.now, ending.shop)
    wanted = datetime.combine(day, time(_another_hour(here.local_now.hour)), here.zone)
    window = window_in(zone, wanted, ending.shop)
    opens_at = max(wanted, window.opens_at)
    due_at = max(calendar.end_of_day(day), opens_at)
    changes = {
        "opens_at": opens_at,
        "due_at": max(task.due_at, due_at) if not task.owed else task.due_at,
        "calls_from": window.opens_at,
        "calls_until": window.closes_at,
    }
    return Step(TaskStatus.OPEN, ending.outcome.label, changes)


def _another_hour(hour: int) -> int:
    if hour < MORNING + 2:
        return AFTERNOON
    return EVENING if hour < EVENING - 1 else MORNING


def _promised(task: CareTask, ending: Ending) -> Step:
    at = ending.call_back_at
    if at is None:
        raise CannotPromise(CALL_BACK_NEEDS_TIME)
    if at <= ending.now:
        raise CannotPromise(CALL_BACK_PASSED)
    window = window_in(task.zone, at, ending.shop)
    if not window.is_open:
        raise CannotPromise(_outside(at, window.zone, ending.shop))
    changes = {
        "assignee": ending.by,
        "opens_at": at,
        "due_at": at,
        "expires_at": None,  # a promise does not run out
        "priority": PROMISED,
        "calls_from": window.opens_at,
        "calls_until": window.closes_at,
    }
    return Step(TaskStatus.OPEN, "Call back", changes)


def _outside(at: datetime, zone: Any, shop: Shop) -> str:
    return CALL_BACK_OUTSIDE.format(
        at=f"{at.astimezone(zone):%H:%M}",
        opens=f"{shop.calls_from:%H:%M}",
        closes=f"{shop.calls_until:%H:%M}",
    )


def _problem_found(task: CareTask, ending: Ending) -> Step:
    """What was optional has been said; what is owed stays with the one who knows the new problem."""
    if not task.owed:
        return Step(TaskStatus.DONE, "Problem found")
    return Step(
        TaskStatus.OPEN, "Problem found", {**_retry(task, ending, task.zone).changes, "assignee": ending.by}
    )
