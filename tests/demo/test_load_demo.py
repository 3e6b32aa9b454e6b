"""The demo shop: the same rows for the same seed and day, all of it marked, and something on every screen."""

from datetime import timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from apps.accounts.models import Role, Shop, User
from apps.apologies.models import Offer, OfferStatus
from apps.campaigns.models import Campaign, Enrollment
from apps.customers.models import Customer, Order
from apps.demo import sign_ins
from apps.demo.loading import CannotLoad
from apps.demo.places import PLACES
from apps.demo.staff import new_password
from apps.effort.models import DailyEffort, ShiftPlan, TimeEntry
from apps.effort.shares import share_of
from apps.feedback.models import FeedbackItem
from apps.worklist.models import Attempt, CareTask

from ..factories import NOW, make_customer
from .conftest import Load

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Undo(Exception):
    pass


def told(load: Load, **options: Any) -> dict[str, list[Any]]:
    """The rows of a demo shop, in words that hold in every database; the shop itself is taken back."""
    rows: dict[str, list[Any]] = {}
    try:
        with transaction.atomic():
            load(**options)
            for model, names in COMPARED.items():
                rows[model.__name__] = sorted(map(repr, model.objects.values_list(*names)))
            raise Undo
    except Undo:
        return rows


COMPARED: dict[Any, list[str]] = {
    Customer: ["external_id", "name", "phone", "email", "city", "created_at", "vip_since"],
    Order: ["external_id", "customer__external_id", "placed_at", "total", "items", "status", "delivered_at"],
    FeedbackItem: ["external_id", "customer__external_id", "score", "text", "status", "closed_at"],
    Enrollment: ["customer__external_id", "play", "occasion", "arm", "enrolled_at"],
    CareTask: ["customer__external_id", "play", "status", "due_at", "attempts_made", "assignee__name"],
    Attempt: ["customer__external_id", "by__name", "outcome", "notes", "started_at", "ended_at"],
    Offer: ["incident__customer__external_id", "status", "amount", "decided_by__name", "decided_at"],
    TimeEntry: ["user__name", "origin", "play", "started_at", "seconds", "channel", "topic"],
    User: ["name", "email", "role", "team__name"],
    ShiftPlan: ["month", "target"],
}


def test_the_same_seed_and_day_give_the_same_rows(load: Load) -> None:
    morning = told(load, customers=120)
    evening = told(load, customers=120, now=NOW + timedelta(hours=9))
    other = told(load, customers=120, seed=2)

    assert morning == evening
    assert all(morning.values())
    assert morning["Customer"] != other["Customer"]
    assert morning["Attempt"] != other["Attempt"]


def test_every_screen_has_something_to_show(load: Load) -> None:
    load(customers=700, weeks=2)
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


def test_nothing_is_told_that_has_not_happened_yet(load: Load) -> None:
    load(now=NOW)
    midnight = NOW.replace(hour=0)  # Berlin's, at the latest

    assert not Order.objects.filter(placed_at__gte=midnight).exists()
    assert not Order.objects.filter(delivered_at__gte=midnight).exists()
    assert not FeedbackItem.objects.filter(received_at__gte=midnight).exists()
    assert not Attempt.objects.filter(ended_at__gte=midnight).exists()
    assert not TimeEntry.objects.filter(started_at__gte=midnight).exists()


def test_the_proactive_share_climbs_and_never_counts_a_second_twice(load: Load) -> None:
    load(customers=900, weeks=2)
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


def test_two_managers_make_four_eyes_and_nobody_decided_on_their_own_offer(load: Load) -> None:
    load(customers=500)

    assert User.objects.filter(role=Role.MANAGER, is_demo=True).count() >= 2
    decided = Offer.objects.exclude(decided_by=None)
    assert decided.exists()
    assert not [offer for offer in decided if offer.proposed_by_id == offer.decided_by_id]


def test_every_row_is_marked(load: Load) -> None:
    load()

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


def test_a_real_shop_is_not_mixed_with_the_demo(load: Load) -> None:
    make_customer()

    with pytest.raises(CannotLoad, match="real shop"):
        load()


def test_a_second_demo_is_refused_and_named(load: Load) -> None:
    load(customers=60)

    with pytest.raises(CannotLoad, match="seed 1"):
        load(customers=60, seed=2)


def test_the_command_prints_sign_ins_that_work_and_keeps_them_private(
    db: None, tmp_path: Path, settings: Any, client: Any
) -> None:
    settings.DATA_FOLDER = tmp_path
    printed = StringIO()
    call_command("demo", "--customers", "50", "--seed", "3", stdout=printed)
    path = sign_ins.sign_ins_file()

    assert path.parent == tmp_path
    assert path.stat().st_mode & 0o777 == 0o600
    lines = [line.split() for line in path.read_text().splitlines()[2:]]
    assert {role for role, _, _ in lines} == set(Role.values)
    for _, email, password in lines:
        assert password in printed.getvalue()
        assert User.objects.get(email=email).check_password(password)


@pytest.mark.parametrize("options", [["--customers", "3"], ["--customers", "99999999"], ["--seed", "-1"]])
def test_numbers_that_make_no_shop_are_refused(db: None, options: list[str]) -> None:
    with pytest.raises(CommandError, match="takes"):
        call_command("demo", *options)
    assert not Customer.objects.exists()


def test_passwords_are_never_the_same_twice() -> None:
    assert len({new_password() for _ in range(200)}) == 200
