"""One line of Today: who, why, their hour, and by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from apps.accounts.models import Shop, User
from apps.campaigns.models import Campaign, Enrollment
from apps.campaigns.registry import play_for
from apps.core.moments import by_when
from apps.worklist.calling import Window, window_in
from apps.worklist.models import REPLY_PLAY, CareTask, Reach

PLAY_NAMES = {
    "welcome": "Welcome",
    "vip_recognition": "VIP thanks",
    "feedback_reply": "Feedback",
    "apology": "Apology",
}
REACH_ICONS = {"email": "mail", "post": "parcel", "public": "feedback", "find": "search"}


@dataclass(frozen=True)
class Sign:
    icon: str
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Viewer:
    """For whom the rows are written, when and where."""

    user: User
    shop: Shop
    zone: tzinfo
    now: datetime


@dataclass(frozen=True)
class Row:
    task: CareTask
    group: str
    name: str
    tile: str
    about: str
    url: str
    sign: Sign
    due: Sign
    tries: str
    window: Window | None


def with_what_rows_need(tasks: QuerySet[CareTask, Any]) -> QuerySet[CareTask, Any]:
    minutes = Campaign.objects.filter(play=OuterRef("play")).values("minutes_per_task")[:1]
    subject = Enrollment.objects.filter(task=OuterRef("pk")).values("subject_id")[:1]
    return tasks.select_related("customer").annotate(minutes=Subquery(minutes), subject=Subquery(subject))


def row_of(task: CareTask, viewer: Viewer) -> Row:
    is_reply = task.play == REPLY_PLAY
    window = None if is_reply or task.reach != Reach.PHONE else window_in(task.zone, viewer.now, viewer.shop)
    is_promise = task.priority == 0 and task.assignee_id is not None
    sign = _window_sign(window, viewer) if window else _reach_sign(task)
    return Row(
        task=task,
        group=group_of(task, window, viewer),
        name=task.customer.display_name,
        tile="call_back" if is_promise else task.play,
        about=about(task, viewer, "Call back" if is_promise else None),
        url=url_of(task),
        sign=sign,
        due=_due(task, viewer, quiet=sign.kind == "alert"),
        tries=_tries(task),
        window=window,
    )


def group_of(task: CareTask, window: Window | None, viewer: Viewer) -> str:
    if task.status == "held":
        return "open"
    if task.assignee_id == viewer.user.pk and task.priority == 0:
        return "promised"
    if task.play == REPLY_PLAY:
        return "replies"
    if window is None:
        return "written"
    if not window.is_open or (task.opens_at and task.opens_at > viewer.now):
        return "later"
    return "soon" if window.closes_soon else "now"


def about(task: CareTask, viewer: Viewer, name: str | None = None) -> str:
    """The play, and the occasion in one sentence."""
    today = viewer.now.astimezone(viewer.zone).date()
    return ". ".join(filter(None, [name or PLAY_NAMES.get(task.play, task.play), why(task, today)]))


def why(task: CareTask, today: date) -> str:
    """The occasion as the play puts it, its days as one says them."""
    try:
        return play_for(task.play).why(spoken_facts(task.facts, today))
    except KeyError:  # a play that is no longer installed
        return ""


def spoken_facts(facts: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Stored facts with their days ("placed_on": "2026-03-02") in words: "yesterday", "on Monday"."""
    return {
        name: spoken_day(value, today) if name.endswith("_on") else value for name, value in facts.items()
    }


def spoken_day(written: Any, today: date) -> str:
    try:
        day = date.fromisoformat(str(written)[:10])
    except ValueError:
        return str(written or "")
    days = (today - day).days
    if days in {-1, 0, 1}:
        return {-1: "tomorrow", 0: "today", 1: "yesterday"}[days]
    if 1 < days < 7:
        return f"on {day:%A}"
    return f"on {day.day} {day:%b}" if day.year == today.year else f"on {day.day} {day:%b} {day.year}"


def url_of(task: CareTask) -> str:
    subject = getattr(task, "subject", None)
    if task.play == REPLY_PLAY and subject:
        return reverse("desk:feedback_item", args=[subject])
    return reverse("desk:workspace", args=[task.pk])


def _window_sign(window: Window, viewer: Viewer) -> Sign:
    if not window.is_open:
        return Sign("moon", f"opens {by_when(window.opens_at, viewer.zone, now=viewer.now)} for you")
    until = f"until {window.closes_at.astimezone(window.zone):%H:%M}"
    return Sign("hourglass", until, "alert") if window.closes_soon else Sign("tick", until, "good")


def _reach_sign(task: CareTask) -> Sign:
    words = {"email": "e-mail", "post": "letter", "public": "where it was written", "find": "find a way"}
    return Sign(REACH_ICONS.get(task.reach, "phone"), words.get(task.reach, "phone"))


def _due(task: CareTask, viewer: Viewer, *, quiet: bool) -> Sign:
    due = task.due_at.astimezone(viewer.zone)
    days = (due.date() - viewer.now.astimezone(viewer.zone).date()).days
    if task.due_at < viewer.now:
        since = (
            f"Since {due:%H:%M}"
            if days == 0
            else f"Since {due:%A}"
            if days > -7
            else f"Since {due.day} {due:%b}"
        )
        return Sign("", since, "" if quiet else "alert")
    if days == 0:
        return Sign("", f"{due:%H:%M}" if task.priority == 0 else "Today")
    return Sign("", f"{due:%a}" if days < 7 else f"{due.day} {due:%b}")


def _tries(task: CareTask) -> str:
    if task.play == REPLY_PLAY:
        return ""
    if not task.attempts_made:
        return "First try"
    return f"Try {task.attempts_made + 1} of {max(task.attempts_allowed, task.attempts_made + 1)}"
