"""Who may what, by role. Views and templates ask here; services ask again before they act."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase

from apps.core.http import Request

from .models import Role, User

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponseBase]


def has_role(user: User, *roles: str) -> bool:
    """An admin passes everywhere."""
    return user.is_active and (user.role == Role.ADMIN or user.role in roles)


def is_admin(user: User) -> bool:
    return has_role(user)


def is_manager(user: User) -> bool:
    return has_role(user, Role.MANAGER)


def is_marketer(user: User) -> bool:
    return has_role(user, Role.MARKETER)


def role_required(*roles: str) -> Callable[[View[P]], View[P]]:
    """Let only these roles see the page; others get a page that says who may. Admins always pass."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not has_role(request.user, *roles):
                raise PermissionDenied(_who_may(roles))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _who_may(roles: tuple[str, ...]) -> str:
    names = [f"{Role(role).label.lower()}s" for role in dict.fromkeys([*roles, Role.ADMIN])]
    return f"This page is for {' and '.join(names)}."


def may_keep_absences(by: User, user: User) -> bool:
    """Everybody their own days away, a manager those of their team, an admin all."""
    if by.pk == user.pk or is_admin(by):
        return by.is_active
    return is_manager(by) and by.team_id is not None and by.team_id == user.team_id


def may_reset_password(by: User, user: User) -> bool:
    """An admin for everybody else, a manager for the reps of their team."""
    if by.pk == user.pk:
        return False
    if is_admin(by):
        return True
    same_team = by.team_id is not None and by.team_id == user.team_id
    return is_manager(by) and user.role == Role.REP and same_team
