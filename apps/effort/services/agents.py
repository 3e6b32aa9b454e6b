"""Who a help desk's agent is: imported time of an unknown name waits until a manager says whose it is."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import Role, User
from apps.core.statuses import record

from ..models import AgentName, Source, TimeEntry
from ..querysets import TimeEntryQuerySet

MAY_MATCH = {Role.MANAGER, Role.ADMIN}
NOT_ALLOWED = "Only a manager can say whose time this is."


def agent_key(name: str) -> str:
    """How agents' names are compared: without case, spaces joined."""
    return " ".join(name.split()).casefold()


def match_agent(name: str, user: User, *, by: User, now: datetime) -> int:
    """From now on this agent is `user`; their unmatched time becomes `user`'s. Returns the entries moved."""
    _check(by)
    with transaction.atomic():
        alias, _ = AgentName.objects.update_or_create(name=agent_key(name), defaults={"user": user})
        names = _spellings(name, TimeEntry.objects.unmatched())
        moved = TimeEntry.objects.unmatched().filter(agent__in=names).update(user=user, team_id=user.team_id)
        record(alias, "matched", by=by, now=now, agent=name, user=user.pk, entries=moved)
    return moved


def part_agent(alias: AgentName, *, by: User, now: datetime) -> int:
    """Take a match back: what was imported under that name is unmatched again."""
    _check(by)
    with transaction.atomic():
        theirs = TimeEntry.objects.filter(user=alias.user_id, source=Source.IMPORT)
        names = _spellings(alias.name, theirs)
        moved = theirs.filter(agent__in=names).update(user=None, team=None)
        record(alias, "parted", by=by, now=now, agent=alias.name, user=alias.user_id, entries=moved)
        alias.delete()
    return moved


def _spellings(name: str, entries: TimeEntryQuerySet) -> list[str]:
    """The agent's name as the entries spell it."""
    wanted = agent_key(name)
    names = entries.order_by().values_list("agent", flat=True).distinct()
    return [each for each in names if agent_key(each) == wanted]


def _check(by: User) -> None:
    if by.role not in MAY_MATCH:
        raise PermissionDenied(NOT_ALLOWED)
