"""The notes of a call may tell how somebody of ours treated a customer: as private as their incident."""

from collections.abc import Callable, Iterable

from apps.accounts.models import User
from apps.worklist.models import Attempt, Outcome

from .models import Incident


def closed_notes(
    attempts: Iterable[Attempt], *, user: User, may_read: Callable[[Incident], bool]
) -> set[int]:
    """Keys of those `attempts` (with one customer) whose notes `user` may not read.

    `may_read`: whether they may read what an incident tells. Their own notes they may always read.
    """
    others = [attempt for attempt in attempts if attempt.notes.strip() and attempt.by_id != user.pk]
    if not others:
        return set()
    private = Incident.objects.private().filter(customer=others[0].customer_id)
    closed = [one for one in private.select_related("colleague") if not may_read(one)]
    return {attempt.pk for attempt in others if any(_tells_of(one, attempt) for one in closed)}


def _tells_of(incident: Incident, attempt: Attempt) -> bool:
    """The call found a problem of theirs, or the report was written from its notes."""
    return attempt.outcome == Outcome.PROBLEM_FOUND or attempt.notes.strip() in incident.detail
