"""What the demo shop holds: something true on every screen, all of it marked, nothing of the future."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import phonenumbers
import pytest
from django.db.models import Count, Sum

from apps.accounts.models import Role, Shop, User
from apps.apologies.clusters import suggest_causes
from apps.apologies.models import Budget, Cause, Compensation, Incident, Letter, Offer, OfferStatus
from apps.apologies.permissions import may_decide, may_see_colleague
from apps.apologies.reconcile import reconcile
from apps.apologies.services.confirming import heard_and_open
from apps.campaigns.models import Campaign, Enrollment
from apps.customers.models import Customer, Order
from apps.demo.loading import CannotLoad, Demo
from apps.demo.partners import PARTNERS
from apps.demo.places import PLACES
from apps.demo.staff import new_password
from apps.effort.models import DailyEffort, TimeEntry
from apps.effort.report import By, shift_report
from apps.effort.shares import share_of
from apps.feedback.models import FeedbackItem
from apps.outreach.models import MailTemplate, Message, WebhookCall
from apps.worklist.models import Attempt, CareTask

from ..factories import NOW
from .conftest import small_demo

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_every_screen_has_something_to_show(demo: Demo) -> None:
    open_tasks = CareTask.objects.filter(status="open")

    assert open_tasks.filter(play="apology", due_at__lt=NOW).exists()
    assert open_tasks.filter(priority=0, assignee__isnull=False).exists()
    assert open_tasks.filter(calls_from__lte=NOW, calls_until__gt=NOW).exists()
    assert Offer.objects.filter(status=OfferStatus.PROPOSED).exists()
    assert Offer.objects.filter(status=OfferStatus.DELIVERED).exists()
    assert FeedbackItem.objects.filter(status="waiting").count() >= 3
    assert FeedbackItem.objects.filter(source="call").exists()
    assert FeedbackItem.objects.filter(reply__sent_at__isnull=False).exists()
    assert Customer.objects.filter(vip_since__isnull=False).exists()
    assert {"talked", "no_answer", "voicemail", "replied"} <= set(
        Attempt.objects.values_list("outcome", flat=True)
    )
    assert set(Enrollment.objects.values_list("play", flat=True)) == {
        *("welcome", "vip_recognition", "feedback_reply", "apology")
    }
    assert Enrollment.objects.filter(arm="holdout").exists()
    assert set(Campaign.objects.values_list("is_on", flat=True)) == {True}
    assert Shop.current().demo_seed == 1


def test_apologies_stand_at_every_decision(demo: Demo) -> None:
    by_status = set(Offer.objects.values_list("status", flat=True))
    given = set(Compensation.objects.values_list("status", flat=True))

    assert {"proposed", "seconding", "returned", "approved", "delivered"} <= by_status
    assert {"issued", "expired"} <= given
    second = Offer.objects.get(status="seconding")
    ida = User.objects.get(name="Ida Holm")
    assert may_decide(ida, second)
    rude = Incident.objects.get(kind="rude")
    assert rude.colleague is not None
    assert may_see_colleague(ida, rude)
    decided = Cause.objects.get()
    assert decided.amount is not None
    assert decided.improvement is not None
    assert Offer.objects.filter(incident__cause=decided, status__in=["approved", "delivered"]).exists()
    assert suggest_causes(now=NOW)
    waiting = FeedbackItem.objects.filter(status="waiting")
    assert any(heard_and_open(item) for item in waiting)


def test_mails_went_in_their_own_time_and_the_provider_told_of_them(demo: Demo) -> None:
    mails = Message.objects.all()
    by_status = dict(mails.values_list("status").annotate(number=Count("pk")).order_by())

    assert set(by_status) == {"delivered", "bounced", "unknown"}
    assert by_status["delivered"] >= 5
    assert mails.needs_a_look(NOW).count() == 2
    for mail in mails.exclude(status="unknown"):
        assert mail.sent_at is not None
        assert timedelta(0) < mail.sent_at - mail.created_at < timedelta(minutes=1)
    assert not WebhookCall.objects.exclude(fault="", read_at__isnull=False).exists()
    bounced = Letter.objects.get(message__status="bounced")
    assert bounced.withdrawn_at is not None
    assert bounced.offer.letters.filter(withdrawn_at=None, message=None).exists()
    assert set(MailTemplate.objects.values_list("play", flat=True)) == {"welcome", "vip_recognition"}


def test_each_team_has_a_budget_with_money_in_it(demo: Demo) -> None:
    month = Budget.objects.filter(starts_on__lte=NOW, ends_on__gte=NOW)

    assert {budget.team.name for budget in month if budget.team} == {"Harbour", "Lighthouse"}
    assert all(budget.soft and budget.soft < budget.amount for budget in month)
    used = Budget.objects.aggregate(committed=Sum("committed"), spent=Sum("spent"))
    assert used["committed"] > 0
    assert used["spent"] > 0


def test_the_books_of_the_demo_balance(demo: Demo) -> None:
    lines = reconcile()

    assert [line.what for line in lines if line.differences] == []
    assert sum(line.checked for line in lines) > 50


def test_who_is_away_has_a_deputy(demo: Demo) -> None:
    away = User.objects.get(absences__first_day__lte=NOW, absences__last_day__gte=NOW)

    assert away.role == Role.MANAGER
    assert away.deputy is not None
    assert not Offer.objects.filter(status="proposed", approver=away).exists()


def test_parcels_have_a_carrier_and_envelopes_a_street(demo: Demo) -> None:
    assert not Customer.objects.filter(street="").exists()
    assert not Order.objects.filter(handed_to_carrier_at__isnull=False, carrier="").exists()
    assert Order.objects.values("carrier").exclude(carrier="").distinct().count() == 3


def test_nothing_is_told_that_has_not_happened_yet(demo: Demo) -> None:
    midnight = NOW.replace(hour=0)  # Berlin's, at the latest

    assert not Order.objects.filter(placed_at__gte=midnight).exists()
    assert not Order.objects.filter(delivered_at__gte=midnight).exists()
    assert not FeedbackItem.objects.filter(received_at__gte=midnight).exists()
    assert not Attempt.objects.filter(ended_at__gte=midnight).exists()
    assert not TimeEntry.objects.filter(started_at__gte=midnight).exists()


def test_the_proactive_share_climbs_and_never_counts_a_second_twice(demo: Demo) -> None:
    first, last = NOW.date() - timedelta(days=14), NOW.date() - timedelta(days=1)
    before = share_of(first=first - timedelta(days=14), last=first - timedelta(days=1))
    week = share_of(first=first, last=first + timedelta(days=6)).share
    later = share_of(first=last - timedelta(days=6), last=last).share

    assert before.share == 0
    assert week is not None and later is not None
    assert 0.03 < week < later < 0.11
    spans: dict[int | None, list[tuple[Any, Any]]] = {}
    for entry in TimeEntry.objects.order_by("started_at"):
        ends = entry.started_at + timedelta(seconds=entry.seconds)
        spans.setdefault(entry.user_id, []).append((entry.started_at, ends))
    for own in spans.values():
        assert all(ends <= starts for (_, ends), (starts, _) in pairwise(own))
    assert sum(DailyEffort.objects.values_list("seconds", flat=True)) == sum(
        TimeEntry.objects.values_list("seconds", flat=True)
    )


def test_contacts_fit_the_orders_in_each_week(demo: Demo) -> None:
    begins = NOW.date() - timedelta(weeks=9)
    for week in range(9):
        days = (begins + timedelta(weeks=week), begins + timedelta(weeks=week, days=6))
        contacts = TimeEntry.objects.filter(origin="reactive", day__range=days).count()
        orders = Order.objects.exclude(status__in=["cancelled", "unavailable"])
        assert 5 < 100 * contacts / orders.filter(placed_at__date__range=days).count() < 40, days


def test_what_was_not_measured_is_known_from_the_first_week_on(demo: Demo) -> None:
    first = NOW.date() - timedelta(weeks=9)
    report = shift_report(Shop.current(), first=first, last=NOW.date(), by=By.WEEK, now=NOW)

    assert User.objects.order_by("-date_joined")[0].date_joined.date() <= first
    for row in report.weeks[1:-1]:
        assert 0.1 < (row.unmeasured_share or 0) < 0.7, row.name
    managers = TimeEntry.objects.filter(user__role=Role.MANAGER)
    assert set(managers.values_list("origin", flat=True)) == {"internal"}


def test_who_buys_through_a_partner_is_neither_called_nor_thanked(demo: Demo) -> None:
    partners = Customer.objects.filter(external_id__startswith="P")

    assert partners.filter(orders__placed_at__lt=NOW).distinct().count() == len(PARTNERS)
    assert not Enrollment.objects.filter(customer__in=partners).exists()
    assert not Incident.objects.filter(customer__in=partners).exists()
    assert not CareTask.objects.filter(customer__in=partners).exists()


def test_two_managers_make_four_eyes_and_nobody_decided_on_their_own_offer(demo: Demo) -> None:
    assert User.objects.filter(role=Role.MANAGER, is_demo=True).count() >= 2
    decided = Offer.objects.exclude(decided_by=None)
    assert decided.exists()
    assert not [offer for offer in decided if offer.proposed_by_id == offer.decided_by_id]


def test_every_row_is_marked(demo: Demo) -> None:
    assert set(Customer.objects.values_list("source", flat=True)) == {"demo"}
    assert set(Order.objects.values_list("source", flat=True)) == {"demo"}
    assert set(User.objects.values_list("is_demo", flat=True)) == {True}
    assert set(TimeEntry.objects.filter(origin="reactive").values_list("source", flat=True)) == {"demo"}


def test_telephone_numbers_are_those_kept_for_fiction() -> None:
    """The country's own digits: wrong countries and lengths are found; the ranges are in places.py."""
    for place in PLACES:
        if place.phone:
            number = phonenumbers.parse(place.phone.replace("N", "1"))
            assert phonenumbers.is_possible_number(number), place
            assert number.country_code == phonenumbers.country_code_for_region(place.country)


def test_a_second_demo_is_refused_and_named(demo: Demo) -> None:
    with pytest.raises(CannotLoad, match="seed 1"):
        small_demo(seed=2)


def test_passwords_are_never_the_same_twice() -> None:
    assert len({new_password() for _ in range(200)}) == 200
