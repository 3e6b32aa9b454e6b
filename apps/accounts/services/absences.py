"""Days on which somebody is not here, and who decides for them meanwhile."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.core.statuses import record

from ..models import Absence, User
from ..permissions import is_admin, may_keep_absences

BACKWARD = "The last day comes before the first. Write the first day first."
KNOWN = "These days are known already. Remove the other line first to change it."


class NotAnAbsence(ValueError):
    """These days cannot be kept; the message says why."""


@transaction.atomic
def add_absence(
    user: User, *, first_day: date, last_day: date, note: str, by: User, now: datetime
) -> Absence:
    """`user` is away from the first day to the last, both included: nothing is put on their desk."""
    if not may_keep_absences(by, user):
        raise PermissionDenied
    if last_day < first_day:
        raise NotAnAbsence(BACKWARD)
    User.objects.select_for_update().get(pk=user.pk)  # the same days twice at once are kept once
    if user.absences.filter(first_day__lte=first_day, last_day__gte=last_day).exists():
        raise NotAnAbsence(KNOWN)
    absence = Absence.objects.create(user=user, first_day=first_day, last_day=last_day, note=note.strip())
    record(user, "away", by=by, now=now, reason=note.strip(), **_days(absence))
    return absence


@transaction.atomic
def remove_absence(absence: Absence, *, by: User, now: datetime) -> None:
    """They are here after all."""
    if not may_keep_absences(by, absence.user):
        raise PermissionDenied
    record(absence.user, "here after all", by=by, now=now, **_days(absence))
    absence.delete()


@transaction.atomic
def choose_deputy(user: User, *, deputy: User | None, by: User, now: datetime) -> None:
    """Who gets what lies on the desk of `user` while they are away, or when its time is over."""
    if not is_admin(by) or deputy == user:
        raise PermissionDenied
    if user.deputy_id == (deputy.pk if deputy else None):
        return
    user.deputy = deputy
    user.save(update_fields=["deputy"])
    record(user, "deputy chosen", by=by, now=now, deputy=deputy.pk if deputy else None)


def _days(absence: Absence) -> dict[str, str]:
    return {"first_day": absence.first_day.isoformat(), "last_day": absence.last_day.isoformat()}
