"""Adding people, changing what they are, and giving them a new password."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.core.statuses import record

from ..hours import Week
from ..models import Role, Team, User
from ..passwords import new_password
from ..permissions import is_admin, may_reset_password
from ..signals import person_left
from .changes import apply_changes

WORKING_ROLES = {Role.REP, Role.MANAGER, Role.ADMIN}  # an admin passes everywhere
LAST_ADMIN = "This is the only admin. Make somebody else an admin first, so that nobody is locked out."


class LastAdmin(Exception):
    """The change would leave the shop without an admin."""


@transaction.atomic
def add_person(
    *, email: str, name: str, role: str, team: Team | None, by: User, now: datetime
) -> tuple[User, str]:
    """A new person, and the password to hand them: it is kept nowhere."""
    _must_be_admin(by)
    password = new_password()
    user = User.objects.create_user(email, password, name=name, role=role, team=team)
    record(user, "added", by=by, now=now, role=role, team=team.name if team else "")
    return user, password


@transaction.atomic
def change_person(  # noqa: PLR0913
    user: User,
    *,
    name: str,
    email: str,
    role: str,
    team: Team | None,
    hours: Week | None,
    is_active: bool,
    by: User,
    now: datetime,
) -> None:
    """Set what a person is. Raises LastAdmin where nobody would be left to let others in."""
    _must_be_admin(by)
    if user.role == Role.ADMIN and not (role == Role.ADMIN and is_active):
        _must_leave_an_admin(user)
    worked = user.is_active and user.role in WORKING_ROLES
    values: dict[str, Any] = {"name": name, "email": email, "role": role, "team": team}
    changed = apply_changes(user, {**values, "hours": hours, "is_active": is_active})
    if changed:
        record(user, "changed", by=by, now=now, fields=changed, role=role, is_active=is_active)
    if worked and not (is_active and role in WORKING_ROLES):
        person_left.send(sender=User, user=user, by=by, now=now)


@transaction.atomic
def reset_password(user: User, *, by: User, now: datetime) -> str:
    """A new password, to be handed over and never shown again. It ends the person's sessions."""
    if not may_reset_password(by, user):
        raise PermissionDenied
    password = new_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    record(user, "password_reset", by=by, now=now)
    return password


def _must_be_admin(by: User) -> None:
    if not is_admin(by):
        raise PermissionDenied


def _must_leave_an_admin(user: User) -> None:
    """Locks the admins, so that two of them cannot demote each other at the same moment."""
    admins = User.objects.admins().order_by("pk").select_for_update()
    if {admin.pk for admin in admins} <= {user.pk}:
        raise LastAdmin(LAST_ADMIN)
