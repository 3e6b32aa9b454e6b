from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.apologies.models import Offer
from apps.apologies.services import approve, edit_offer, return_offer
from apps.apologies.services.decisions import Refused
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.worklist.models import CareTask, TaskStatus
from tests import factories

WHY = {"departure": "They waited at home for it, twice."}


def edit(offer: Offer, by: User, now: datetime, **changes: object) -> None:
    facts = {
        "words": offer.words,
        "compensation": offer.compensation,
        "amount": offer.amount,
        "version": offer.version,
    }
    edit_offer(offer, by=by, now=now, **{**facts, **WHY, **changes})  # type: ignore[arg-type]


def test_an_edit_makes_the_manager_the_proposer(offer: Offer, manager: User, now: datetime) -> None:
    edit(offer, manager, now, amount=Decimal("20.00"))
    offer.refresh_from_db()
    assert (offer.status, offer.proposed_by, offer.amount, offer.version) == (
        "proposed",
        manager,
        Decimal("20.00"),
        2,
    )
    kept = Event.objects.get(subject="apologies.offer", verb="edited")
    assert kept.data["was"]["amount"] == "10.00"


def test_an_edit_voids_an_approval_and_the_task_waits_again(
    offer: Offer, task: CareTask, manager: User, second_manager: User, now: datetime
) -> None:
    approve(offer, by=manager, now=now, version=1)
    edit(offer, second_manager, now)
    offer.refresh_from_db()
    task.refresh_from_db()
    assert (offer.status, offer.decided_by, offer.approved_hash) == ("proposed", None, "")
    assert task.status == TaskStatus.WAITING


def test_the_approver_may_edit_and_is_then_the_proposer(offer: Offer, manager: User, now: datetime) -> None:
    approve(offer, by=manager, now=now, version=1)
    edit(offer, manager, now)
    offer.refresh_from_db()
    assert (offer.proposed_by, offer.decided_by) == (manager, None)


def test_a_rep_edits_what_came_back_and_a_manager_decides(
    offer: Offer, rep: User, manager: User, now: datetime
) -> None:
    return_offer(offer, by=manager, now=now, version=1, reason="Words need work")
    edit(offer, rep, now, words="Dear Grace, that was our fault. I am sorry.")
    offer.refresh_from_db()
    assert (offer.status, offer.proposed_by) == ("proposed", rep)
    approve(offer, by=manager, now=now, version=2)
    assert offer.decided_by == manager


@pytest.mark.parametrize("status", ["proposed", "approved"])
def test_a_rep_edits_nothing_else(offer: Offer, rep: User, manager: User, now: datetime, status: str) -> None:
    if status == "approved":
        approve(offer, by=manager, now=now, version=1)
    with pytest.raises(PermissionDenied, match="A rep can change an offer that came back"):
        edit(offer, rep, now)


def test_another_teams_people_edit_nothing(
    offer: Offer, manager: User, other_rep: User, now: datetime
) -> None:
    return_offer(offer, by=manager, now=now, version=1, reason="Words need work")
    with pytest.raises(PermissionDenied):
        edit(offer, other_rep, now)


def test_nobody_changes_an_offer_under_a_call(
    offer: Offer, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    approve(offer, by=manager, now=now, version=1)
    held = {"status": "held", "held_by": rep, "held_at": now, "held_until": now + timedelta(minutes=15)}
    CareTask.objects.filter(pk=task.pk).update(**held)
    with pytest.raises(Conflict, match="Ana Duarte is telling the customer"):
        edit(offer, manager, now)
    offer.refresh_from_db()
    assert offer.status == "approved"


def test_two_edits_of_one_page_keep_the_first(
    offer: Offer, manager: User, second_manager: User, now: datetime
) -> None:
    stale = Offer.objects.get(pk=offer.pk)
    edit(offer, manager, now, amount=Decimal(20))
    with pytest.raises(Conflict, match=r"Ida Holm changed this 9 s ago"):
        edit(stale, second_manager, now + timedelta(seconds=9), amount=Decimal(30))
    offer.refresh_from_db()
    assert offer.amount == 20


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"words": "  "}, "Write the letter"),
        ({"amount": Decimal(0)}, "above zero"),
        ({"amount": Decimal("74.26")}, "At most €74.25"),
    ],
)
def test_an_offer_stays_inside_the_rails(
    offer: Offer, manager: User, now: datetime, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        edit(offer, manager, now, **changes)
    offer.refresh_from_db()
    assert offer.version == 1


def test_exactly_150_percent_is_allowed(offer: Offer, manager: User, now: datetime) -> None:
    edit(offer, manager, now, amount=Decimal("74.25"))
    offer.refresh_from_db()
    assert offer.amount == Decimal("74.25")


def test_a_letter_that_names_the_old_amount_names_the_new_one(
    offer: Offer, manager: User, now: datetime
) -> None:
    words = "I am sorry. With this comes a coupon of €10.00, for your time."
    Offer.objects.filter(pk=offer.pk).update(words=words)
    offer.refresh_from_db()
    edit(offer, manager, now, amount=Decimal("25.00"))
    offer.refresh_from_db()
    assert offer.words == "I am sorry. With this comes a coupon of €25.00, for your time."


def test_without_an_order_there_is_no_upper_rail(manager: User, now: datetime) -> None:
    offer = factories.make_offer()
    edit(offer, manager, now, amount=Decimal(500))
    offer.refresh_from_db()
    assert offer.amount == 500


@pytest.mark.parametrize(("channel", "word"), [("email", "E-mail"), ("post", "Post")])
def test_a_letter_that_is_the_apology_goes_by_its_channel(
    offer: Offer, manager: User, second_manager: User, now: datetime, channel: str, word: str
) -> None:
    Offer.objects.update(channel=channel, letter_by=channel)
    offer.refresh_from_db()
    other = {"email": "post", "post": "email"}[channel]
    for way in ("", other):
        with pytest.raises(Refused, match=f"choose {word} for the letter"):
            edit(offer, manager, now, letter_by=way)
    edit(offer, manager, now, letter_by=channel)
    for way in ("", other):  # as it was saved before
        Offer.objects.update(letter_by=way)
        with pytest.raises(Refused, match=f"choose {word} for the letter"):
            approve(offer, by=second_manager, now=now, version=2)
    Offer.objects.update(letter_by=channel)
    approve(offer, by=second_manager, now=now, version=2)
    assert offer.status == "approved"


@pytest.mark.parametrize("channel", ["phone", "public", "find"])
def test_what_is_told_otherwise_needs_no_letter(
    offer: Offer, manager: User, now: datetime, channel: str
) -> None:
    Offer.objects.update(channel=channel)
    offer.refresh_from_db()
    edit(offer, manager, now, letter_by="")


@pytest.mark.parametrize("departure", [{}, {"departure": " "}])
def test_a_reason_serves_the_amount_that_it_was_given_for(
    offer: Offer, manager: User, now: datetime, departure: dict[str, str]
) -> None:
    edit(offer, manager, now, amount=Decimal(60))
    facts = {"words": offer.words, "compensation": "coupon", "amount": Decimal(60), "version": 2, **departure}
    edit_offer(offer, by=manager, now=now, **facts)  # type: ignore[arg-type]
    assert offer.departure == WHY["departure"]
    with pytest.raises(Refused, match=r"Say why this one gives €70\.00"):
        edit_offer(offer, by=manager, now=now, **{**facts, "amount": Decimal(70), "version": 3})  # type: ignore[arg-type]
    edit_offer(offer, by=manager, now=now, **{**facts, "amount": Decimal(12), "version": 3})  # type: ignore[arg-type]
    assert (offer.amount, offer.departure) == (12, "")


@pytest.mark.parametrize(
    ("changes", "cost"),
    [
        ({"amount": Decimal(20)}, "8.00"),
        ({"amount": Decimal("9.99")}, "4.00"),
        ({}, "4.00"),
        ({"amount": Decimal(20), "cost": Decimal(3)}, "3.00"),
        ({"amount": Decimal(20), "cost": Decimal(0)}, "0.00"),
    ],
)
def test_the_cost_follows_the_amount_unless_it_is_given(
    offer: Offer, manager: User, now: datetime, changes: dict[str, Decimal], cost: str
) -> None:
    Offer.objects.update(cost=Decimal(4))
    offer.refresh_from_db()
    edit(offer, manager, now, **changes)
    assert Offer.objects.get().cost == Decimal(cost)
