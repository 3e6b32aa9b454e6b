"""Which incidents are counted, and by whom they may be seen."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Role, Shop, User

from ..models import NEVER_HAPPENED, Compensation, Incident
from ..querysets import IncidentQuerySet
from .dimensions import By, key_of

SEE_ALL_TEAMS = {Role.MARKETER, Role.ADMIN}


@dataclass(frozen=True)
class Span:
    """Days of the shop, both included."""

    first: date
    last: date


def failures(user: User, shop: Shop, span: Span) -> IncidentQuerySet:
    """The failures that became known in these days, as far as this user may see them.

    One that never happened, as corrected facts show, is left out unless something was given for it.
    """
    calendar = shop_calendar(shop)
    known_from, known_before = (
        calendar.start_of_day(span.first),
        calendar.start_of_day(span.last + timedelta(days=1)),
    )
    found = Incident.objects.visible_to(user).filter(
        detected_at__gte=known_from, detected_at__lt=known_before
    )
    given = Compensation.objects.filter(offer__incident=OuterRef("pk"))
    given = given.standing()
    found = found.filter(~Q(resolution=NEVER_HAPPENED) | Exists(given))
    if not sees_one_team(user):
        return found
    return found.alias(seen_team=key_of(By.TEAM)).filter(Q(seen_team=user.team_id) | Q(seen_team=None))


def sees_one_team(user: User) -> bool:
    """As with offers: one's team's, and those of no team; marketers, admins and the teamless see all."""
    return user.role not in SEE_ALL_TEAMS and user.team_id is not None
