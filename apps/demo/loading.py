"""Making the demo shop: all of it or nothing, in one transaction."""

import random
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.accounts.models import Shop, Team
from apps.campaigns.models import Campaign
from apps.core.statuses import record
from apps.customers.models import Customer, Order, Permission
from apps.effort.models import ShiftPlan
from apps.effort.plans import month_after, set_plan
from apps.feedback.models import FeedbackItem, Reply

from .calendar import WEEKS_WORKED, Story
from .history import History, Progress
from .partners import Partners
from .people import make_buyers, make_permissions
from .sales import make_sales
from .staff import TEAMS, SignIn, Staff, hire
from .voices import answer_the_old, make_feedback, replies_to

WEEK = {str(day): [["09:00", "12:30"], ["13:00", "17:30"]] for day in range(5)} | {"5": [["10:00", "14:00"]]}
SHOP = {
    "name": "Tern & Thistle",
    "time_zone": "Europe/Berlin",
    "currency": "EUR",
    "country": "DE",
    "subdivision": "",
    "hours": WEEK,
    "calls_from": time(9),
    "calls_until": time(20),
}
KEPT = ["name", "time_zone", "currency", "country", "subdivision", "hours", "calls_from", "calls_until"]
CAMPAIGN_SETTINGS = ["is_on", "starts_at", "backfill", "backfill_days", "tasks_per_day", "last_pass_at"]
FIRST_TARGET = Decimal("0.05")
MONTHS_PLANNED = 6
LOADED = "demo_loaded"

DEMO_IS_HERE = "The demo shop is here already (seed {seed}). Remove it first: manage.py demo --remove"
SHOP_IS_REAL = (
    "This database holds a real shop, and the demo's people would mix with its customers. "
    "Give the demo a folder of its own: CARECRM_DATA=FOLDER manage.py demo"
)


class CannotLoad(Exception):
    """The demo shop cannot be made here. The message says why and what to do."""


@dataclass(frozen=True)
class Demo:
    staff: Staff
    sign_ins: list[SignIn]
    customers: int
    orders: int
    feedback: int


def load_demo(
    *, customers: int, seed: int, now: datetime, progress: Progress, weeks: int = WEEKS_WORKED
) -> Demo:
    """Make the demo shop as it stood at the first moment of today: the same seed and day, the same rows."""
    with transaction.atomic():
        shop = Shop.current()
        _check_empty(shop)
        before = _as_it_was(shop)
        for name, value in SHOP.items():
            setattr(shop, name, value)
        story = Story.until(now, shop, weeks)
        shop.configured_at, shop.demo_seed = story.anchor, seed
        shop.save()
        staff, sign_ins = hire(now=story.begins_at)
        record(shop, LOADED, by=None, now=story.anchor, **before)
        people, orders, feedback = _fill(customers, seed, story)
        _plan(staff, story)
        History(story, shop, staff, people, seed).tell(progress)
    return Demo(staff, sign_ins, len(people), orders, feedback)


def _check_empty(shop: Shop) -> None:
    if shop.demo_seed is not None:
        raise CannotLoad(DEMO_IS_HERE.format(seed=shop.demo_seed))
    if shop.configured_at or Customer.objects.exists():
        raise CannotLoad(SHOP_IS_REAL)


def _as_it_was(shop: Shop) -> dict[str, Any]:
    """What `--remove` puts back, and what it may take away."""
    held = Team.objects.filter(name__in=TEAMS).values_list("name", flat=True)
    return {
        "shop": {name: _plain(getattr(shop, name)) for name in KEPT},
        "campaigns": {
            campaign.play: {name: _plain(getattr(campaign, name)) for name in CAMPAIGN_SETTINGS}
            for campaign in Campaign.objects.all()
        },
        "teams_held": list(held),
        "months_held": [month.isoformat() for month in ShiftPlan.objects.values_list("month", flat=True)],
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, time | datetime) else value


def _fill(count: int, seed: int, story: Story) -> tuple[list[Customer], int, int]:
    """Customers, orders, permissions and feedback, in bulk."""

    def chance(part: str) -> random.Random:
        return random.Random(f"{seed}/{part}")  # noqa: S311 - a story, not a secret

    buyers = make_buyers(count, anchor=story.anchor, chance=chance("people"))
    people = Customer.objects.bulk_create([buyer.row for buyer in buyers], batch_size=500)
    sales = make_sales(buyers, anchor=story.anchor, zone=story.calendar.zone, chance=chance("sales"))
    Order.objects.bulk_create([sale.row for sale in sales], batch_size=500)
    Permission.objects.bulk_create(make_permissions(buyers, chance("permissions")), batch_size=500)
    items = make_feedback(sales, anchor=story.anchor, chance=chance("voices"))
    answer_the_old(items, before=story.starts_at, chance=chance("old answers"))
    FeedbackItem.objects.bulk_create(items, batch_size=500)
    Reply.objects.bulk_create(replies_to(items, chance("old replies")), batch_size=500)
    through_partners = _add_partners(Partners(count, story.anchor, chance("partners")))
    return people, len(sales) + through_partners, len(items)


def _add_partners(made: Partners) -> int:
    """The shops that sell for this one; returns how many orders came through them."""
    partners = Customer.objects.bulk_create(made.rows())
    Permission.objects.bulk_create(made.permissions(partners))
    return len(Order.objects.bulk_create(made.orders(partners), batch_size=500))


def _plan(staff: Staff, story: Story) -> None:
    """5 %, 10 %, ...: from the month in which the campaigns began."""
    first = story.first_day.replace(day=1)
    targets = {month_after(first, n): FIRST_TARGET * (n + 1) for n in range(MONTHS_PLANNED)}
    mine = {month: target for month, target in targets.items() if not ShiftPlan.objects.filter(month=month)}
    set_plan({**mine}, by=staff.marketer, now=story.starts_at)
