"""Tasks that are no longer due take themselves back, each with its reason. An arrival is no reason."""

from collections.abc import Iterator

from django.db.models import Exists, QuerySet

from apps.worklist.models import CareTask, TaskStatus
from apps.worklist.services import withdraw_tasks

from .guards import contact_since, conversation_since, refusals
from .models import Enrollment
from .moment import Moment
from .plays import Play, Stale

REFUSED = "They asked us not to call"
WROTE_FIRST = "They were in contact in the meantime"
OPEN = [TaskStatus.WAITING, TaskStatus.OPEN]


def withdraw_stale(play: Play, moment: Moment) -> int:
    """Withdraw what waits or is open; a task that somebody holds is only marked for them."""
    withdrawn = 0
    for stale in reasons(play, moment):
        withdrawn += withdraw_tasks(stale_tasks(play, stale, OPEN), reason=stale.reason, now=moment.at)
        _mark_held(play, stale)
    return withdrawn


def count_stale(play: Play, moment: Moment) -> int:
    """How many tasks a pass would withdraw."""
    found: set[int] = set()
    for stale in reasons(play, moment):
        found.update(stale_tasks(play, stale, OPEN).values_list("pk", flat=True))
    return len(found)


def reasons(play: Play, moment: Moment) -> Iterator[Stale]:
    """The play's own reasons; then what makes every kindness give way."""
    yield from play.stale(moment)
    if not play.owed:
        yield Stale(REFUSED, Exists(refusals()))
        yield Stale(WROTE_FIRST, Exists(contact_since(moment)) | Exists(conversation_since(moment)))


def stale_tasks(play: Play, stale: Stale, statuses: list[TaskStatus]) -> QuerySet[CareTask]:
    enrollments = Enrollment.objects.filter(stale.condition, play=play.code, task__status__in=statuses)
    return CareTask.objects.filter(pk__in=enrollments.values("task"))


def _mark_held(play: Play, stale: Stale) -> None:
    for task in stale_tasks(play, stale, [TaskStatus.HELD]):
        task.facts["no_longer_due"] = stale.reason
        task.save(update_fields=["facts"])
