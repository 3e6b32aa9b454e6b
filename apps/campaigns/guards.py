"""The engine's own guards, in the order in which they ask.

Owed plays pass all but the first two: what we owe is not stopped by what stops a kindness.
"""

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.customers.models import Channel, Permission
from apps.effort.models import Origin, TimeEntry
from apps.worklist.models import Attempt, TaskStatus
from apps.worklist.models.attempt import CONTACT_OUTCOMES
from apps.worklist.services.times import WITHOUT_OUTCOME

from .models import Enrollment
from .registry import Condition, Guard

if TYPE_CHECKING:
    from .models import Campaign
    from .moment import Moment
    from .plays import Play

RECOGNISED_DAYS = 90
CONTACT_DAYS = 14


def _already_enrolled(play: "Play", campaign: "Campaign", moment: "Moment") -> "Condition":
    theirs = Enrollment.objects.filter(play=play.code, customer=OuterRef("customer"))
    return Exists(theirs if play.once_per_customer else theirs.filter(occasion=OuterRef("occasion")))


def _before_start(play: "Play", campaign: "Campaign", moment: "Moment") -> "Condition | None":
    start = campaign.lets_in_from(moment.at)
    if start is None:
        return None
    if play.counted_by_day:
        start = moment.calendar.start_of_day(moment.calendar.local_day(start))
    return Q(occurred_at__lt=start)


def _recognised_recently(play: "Play", campaign: "Campaign", moment: "Moment") -> "Condition | None":
    """Thanked, or about to be: a task that was withdrawn or ran out thanked nobody."""
    if play.code != "vip_recognition":
        return None
    since = {"customer": OuterRef("customer"), "enrolled_at__gt": moment.ago(days=RECOGNISED_DAYS)}
    enrolled = Enrollment.objects.filter(play=play.code, enrolled_at__lte=moment.at, **since)
    fell_through = Q(task__status__in=[TaskStatus.WITHDRAWN, TaskStatus.EXPIRED])
    thanked = contacts(moment, days=RECOGNISED_DAYS).filter(task__play=play.code)
    return Exists(enrolled.exclude(fell_through)) | Exists(thanked)


def _refused_permission(play: "Play", campaign: "Campaign", moment: "Moment") -> "Condition | None":
    """A refusal holds from when it is known to us, even in a pass over the past."""
    return None if play.owed else Exists(refusals())


def _recent_contact(play: "Play", campaign: "Campaign", moment: "Moment") -> "Condition | None":
    if play.owed:
        return None
    return Exists(contacts(moment, days=CONTACT_DAYS)) | Exists(conversations(moment, days=CONTACT_DAYS))


def refusals(customer: str = "customer") -> "QuerySet[Permission]":
    """Refused calls: for either purpose, because who wants no calls wants no kind ones either."""
    refused = {"channel": Channel.PHONE, "state": Permission.State.REFUSED}
    return Permission.objects.filter(customer=OuterRef(customer), **refused)


def contacts(moment: "Moment", *, days: int) -> "QuerySet[Attempt]":
    """Attempts in which the customer heard from us."""
    span = {"ended_at__gt": moment.ago(days=days), "ended_at__lte": moment.at}
    return Attempt.objects.standing().filter(
        customer=OuterRef("customer"), outcome__in=CONTACT_OUTCOMES, **span
    )


def conversations(moment: "Moment", *, days: int) -> "QuerySet[TimeEntry]":
    """Time with a customer that hangs on no attempt: they called or wrote, or somebody else did."""
    return _talks().filter(started_at__gt=moment.ago(days=days), started_at__lte=moment.at)


def contact_since(moment: "Moment") -> "QuerySet[Attempt]":
    """On Enrollment: they heard from us about something else after it was made."""
    return (
        Attempt.objects.standing()
        .filter(
            customer=OuterRef("customer"),
            outcome__in=CONTACT_OUTCOMES,
            ended_at__gt=OuterRef("enrolled_at"),
            ended_at__lte=moment.at,
        )
        .exclude(task=OuterRef("task"))
    )


def conversation_since(moment: "Moment") -> "QuerySet[TimeEntry]":
    """On Enrollment: time with them that hangs on no attempt, after it was made."""
    return _talks().filter(started_at__gt=OuterRef("enrolled_at"), started_at__lte=moment.at)


def _talks() -> "QuerySet[TimeEntry]":
    """A task that was opened and left again took time, but the customer heard nothing of it."""
    heard = [Origin.REACTIVE, Origin.PROACTIVE]
    entries = TimeEntry.objects.filter(customer=OuterRef("customer"), attempt=None, origin__in=heard)
    return entries.exclude(topic=WITHOUT_OUTCOME)


GUARDS = [
    Guard(
        "already_enrolled",
        "Already in",
        "Enrolled for this occasion before, or in the holdout",
        10,
        _already_enrolled,
    ),
    Guard("before_start", "Before the start", "It happened before this campaign began", 20, _before_start),
    Guard(
        "recognised_recently",
        "Thanked in the last 90 days",
        "One special call a quarter keeps it special",
        30,
        _recognised_recently,
    ),
    Guard("refused_permission", "Asked us not to call", "Always held back", 40, _refused_permission),
    Guard(
        "recent_contact",
        "In contact in the last 14 days",
        "We spoke or wrote, or they did",
        60,
        _recent_contact,
    ),
]
