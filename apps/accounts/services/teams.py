from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.core.statuses import record

from ..models import Team, User
from ..permissions import is_admin


@transaction.atomic
def add_team(*, name: str, by: User, now: datetime) -> Team:
    if not is_admin(by):
        raise PermissionDenied
    team = Team.objects.create(name=name)
    record(team, "added", by=by, now=now, name=name)
    return team


@transaction.atomic
def rename_team(team: Team, *, name: str, by: User, now: datetime) -> None:
    if not is_admin(by):
        raise PermissionDenied
    before, team.name = team.name, name
    team.save(update_fields=["name"])
    record(team, "renamed", by=by, now=now, before=before, after=name)


@transaction.atomic
def delete_team(team: Team, *, by: User, now: datetime) -> None:
    """Its people and tasks stay, of no team: everybody sees them then."""
    if not is_admin(by):
        raise PermissionDenied
    record(team, "deleted", by=by, now=now, name=team.name)
    team.delete()
