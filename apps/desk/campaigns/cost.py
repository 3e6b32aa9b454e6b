"""What a campaign takes: minutes, and working days of those who would do it."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import ceil

from apps.accounts.models import Role, User
from apps.campaigns.models import Campaign
from apps.campaigns.moment import Moment
from apps.effort.plans import target_for

WEEK = timedelta(days=6)


@dataclass(frozen=True)
class Cost:
    """`days` is None where no one is there to do it, or no plan says for how much of their time."""

    tasks: int
    seconds: int
    people: int
    share: Decimal | None
    days: int | None
    limited: bool  # by the campaign's tasks a day


def cost_of(campaign: Campaign, tasks: int, moment: Moment) -> Cost:
    seconds = tasks * campaign.minutes_per_task * 60
    people = _people(campaign)
    share = target_for(moment.today)
    days = _days(seconds, people, share, moment)
    by_limit = ceil(tasks / campaign.tasks_per_day) if campaign.tasks_per_day else 0
    limited = by_limit > (days or 0)
    return Cost(tasks, seconds, people, share, by_limit if limited else days, limited)


def _people(campaign: Campaign) -> int:
    reps = User.objects.filter(is_active=True, role=Role.REP)
    return reps.filter(team=campaign.team).count() if campaign.team_id else reps.count()


def _days(seconds: int, people: int, share: Decimal | None, moment: Moment) -> int | None:
    """Business days, with so many people giving so much of a usual day."""
    first, last = moment.today, moment.today + WEEK
    days = [first + timedelta(days=n) for n in range(7)]
    usual = moment.calendar.working_seconds(first, last) / max(
        sum(moment.calendar.is_business_day(day) for day in days), 1
    )
    daily = usual * people * float(share or 0)
    return ceil(seconds / daily) if daily else None
