"""Taking the demo shop away: every row that it or its people made, and nothing else."""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower

from apps.accounts.models import Shop, Team, User
from apps.apologies.models import (
    Budget,
    Cause,
    Compensation,
    CouponCode,
    Incident,
    LedgerEntry,
    Letter,
    Offer,
)
from apps.apologies.services import recount_budgets
from apps.campaigns.models import Campaign, Enrollment
from apps.core.events import purging
from apps.core.models import Event
from apps.customers.models import Customer, Order, Permission
from apps.effort.models import ShiftPlan, TimeEntry
from apps.feedback.models import FeedbackItem, Improvement
from apps.outreach.models import (
    InboundMail,
    MailTemplate,
    Message,
    ProviderEvent,
    Suppression,
    WebhookCall,
)
from apps.worklist.models import Attempt, CareTask
from apps.writing.models import Verdict

from .loading import LOADED
from .mails import SIGNED
from .people import SOURCE
from .staff import TEAMS

NO_DEMO = "There is no demo shop here: nothing to remove."
TIMES = {"calls_from", "calls_until"}
MOMENTS = {"starts_at", "last_pass_at"}


class NoDemo(Exception):
    """Nothing to remove."""


def remove_demo() -> int:
    """Remove the demo's rows, its people and their Events, and put the settings back. How many rows went."""
    with purging(), transaction.atomic():
        shop = Shop.current()
        if shop.demo_seed is None:
            raise NoDemo(NO_DEMO)
        before = _before(shop)
        count = sum(_remove(queryset) for queryset in _demo_rows())
        count += _remove(Customer.objects.filter(source=SOURCE))
        recount_budgets()
        count += _remove_people(before)
        _put_back(shop, before)
    return count


def _before(shop: Shop) -> dict[str, Any]:
    loaded = Event.objects.filter(subject=shop._meta.label_lower, subject_id=shop.pk, verb=LOADED)
    event = loaded.order_by("-pk").first()
    return event.data if event else {}


def _demo_rows() -> list[QuerySet[Any, Any]]:
    """What hangs on the demo's customers and people, the last made first."""
    of_demo = Q(customer__source=SOURCE)
    of_mail = Q(message__customer__source=SOURCE)
    of_offer = {"offer__incident__customer__source": SOURCE}
    return [
        LedgerEntry.objects.filter(**of_offer),
        CouponCode.objects.filter(compensation__offer__incident__customer__source=SOURCE),
        Compensation.objects.filter(**of_offer),
        Letter.objects.filter(**of_offer),
        Suppression.objects.filter(of_mail | Q(address__in=_addresses()) | Q(lifted_by__is_demo=True)),
        InboundMail.objects.filter(of_demo),
        ProviderEvent.objects.filter(of_mail),
        WebhookCall.objects.filter(signature=SIGNED),
        Offer.objects.filter(incident__customer__source=SOURCE),
        Incident.objects.filter(of_demo),
        FeedbackItem.objects.filter(of_demo),
        Message.objects.filter(of_demo),
        Attempt.objects.filter(of_demo),
        Enrollment.objects.filter(of_demo),
        CareTask.objects.filter(of_demo),
        TimeEntry.objects.filter(of_demo | Q(user__is_demo=True) | Q(source="demo")),
        Permission.objects.filter(of_demo),
        Order.objects.filter(of_demo),
        Cause.objects.filter(opened_by__is_demo=True),
        Improvement.objects.filter(owner__is_demo=True),
        MailTemplate.objects.filter(updated_by__is_demo=True),
    ]


def _addresses() -> QuerySet[Customer, Any]:
    """As a suppression keeps them."""
    return Customer.objects.filter(source=SOURCE).annotate(low=Lower("email")).values("low")


def _remove(queryset: QuerySet[Any, Any]) -> int:
    """Delete the rows, the Events that tell of them, and what was kept in their words."""
    subject = queryset.model._meta.label_lower
    for told in (Event.objects, Verdict.objects):
        told.filter(subject=subject, subject_id__in=queryset.values("pk")).delete()
    return queryset.delete()[0]


def _remove_people(before: dict[str, Any]) -> int:
    people = User.objects.filter(is_demo=True)
    count = _remove(_set_by(people))
    count += Event.objects.filter(actor__in=people).delete()[0]
    count += Verdict.objects.filter(by__in=people).delete()[0]
    count += _remove(people)
    made = set(TEAMS) - set(before.get("teams_held", []))
    count += _remove(Budget.objects.filter(team__name__in=made, team__members=None, entries=None))
    return count + _remove(Team.objects.filter(name__in=made, members=None))


def _set_by(people: QuerySet[User]) -> QuerySet[Budget]:
    """The budgets that they set; one that holds money of a real customer stays."""
    told = Event.objects.filter(subject=Budget._meta.label_lower, verb="added", actor__in=people)
    return Budget.objects.filter(pk__in=told.values("subject_id"), entries=None)


def _put_back(shop: Shop, before: dict[str, Any]) -> None:
    _restore(shop, before.get("shop", {}))
    shop.configured_at = shop.demo_seed = None
    shop.save()
    for campaign in Campaign.objects.all():
        _restore(campaign, before.get("campaigns", {}).get(campaign.play, {}))
        campaign.save()
    held = before.get("months_held", [])
    _remove(ShiftPlan.objects.exclude(month__in=held))
    Event.objects.filter(subject=shop._meta.label_lower, subject_id=shop.pk, verb=LOADED).delete()


def _restore(row: Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, _parsed(name, value))


def _parsed(name: str, value: Any) -> Any:
    if name in TIMES:
        return time.fromisoformat(value)
    return datetime.fromisoformat(value) if name in MOMENTS and value else value
