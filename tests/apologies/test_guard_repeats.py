"""A second apology in a year is not the same again, a third needs a cause and a person's words."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.apologies.models import Incident, Offer
from apps.apologies.refusals import Refused
from apps.apologies.repeats import NAME_THE_CAUSE, SAME_AGAIN, check_repeat
from apps.apologies.services import (
    approve,
    approve_many,
    decide_cause,
    edit_offer,
    name_cause,
    propose_missing_offers,
)
from apps.worklist.models import CareTask
from apps.worklist.services import take
from tests import factories
from tests.apologies.conftest import owe
from tests.apologies.repeats import heard, proposed


def test_a_third_has_no_words_to_take_over(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    heard(incident, 2, manager, now)
    assert proposed(now).words == ""


def test_a_third_waits_for_its_cause_and_for_a_persons_words(
    incident: Incident, task: CareTask, manager: User, second_manager: User, now: datetime
) -> None:
    heard(incident, 2, manager, now)
    offer = proposed(now)
    with pytest.raises(Refused, match="Name the cause"):
        approve(offer, by=manager, now=now, version=1)
    name_cause(incident, "Labels come off", by=manager, now=now)
    offer.incident.refresh_from_db()
    with pytest.raises(Refused, match="Write this letter yourself"):
        check_repeat(offer, now=now)
    Offer.objects.filter(pk=offer.pk).update(words="Dear Grace, I am sorry.", proposed_by=second_manager)
    offer.refresh_from_db()
    approve(offer, by=manager, now=now, version=1)
    assert offer.status == "approved"


def test_the_page_says_why_a_third_is_not_approved(
    client: Client, incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    heard(incident, 2, manager, now)
    offer = proposed(now)
    Offer.objects.filter(status="delivered").update(decided_at=datetime.now(now.tzinfo))
    client.force_login(manager)
    url = reverse("desk:approve_offer", args=[offer.pk])
    assert "Name the cause" in client.post(url, {"version": 1}, follow=True).content.decode()
    offer.refresh_from_db()
    assert offer.status == "proposed"


@pytest.mark.parametrize(
    ("times", "words"),
    [(1, "give something else, and call yourself"), (2, "Apology number 3 in a year")],
)
def test_the_manager_is_told_before_they_decide(
    client: Client,
    incident: Incident,
    task: CareTask,
    manager: User,
    now: datetime,
    times: int,
    words: str,
) -> None:
    heard(incident, times, manager, now)
    offer = proposed(now)
    Offer.objects.filter(status="delivered").update(decided_at=datetime.now(now.tzinfo))
    client.force_login(manager)
    page = client.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    assert words in page
    assert ("What made us fail them?" in page) is (times == 2)
    forms = [form for form in page.split("<form")[1:] if "/cause/" in form]
    assert all("csrfmiddlewaretoken" in form for form in forms)


def test_the_cause_is_named_from_the_offer(
    client: Client, incident: Incident, offer: Offer, manager: User
) -> None:
    client.force_login(manager)
    url = reverse("desk:name_cause", args=[incident.pk])
    client.post(url, {"name": "Labels come off"})
    client.post(url, {"name": "labels come off"})
    incident.refresh_from_db()
    assert incident.cause
    assert incident.cause.name == "Labels come off"


def owed_thrice(incident: Incident, now: datetime, *kinds: str) -> list[Offer]:
    """Three failures of one customer, each with the system's offer: all are first apologies when proposed."""
    more = [factories.make_incident(incident.customer) for _ in range(2)]
    for each in more:
        owe(each)
    propose_missing_offers(now=now)
    offers = list(Offer.objects.order_by("pk"))
    for offer, kind in zip(offers, kinds, strict=True):
        Offer.objects.filter(pk=offer.pk).update(compensation=kind)
    return list(Offer.objects.order_by("pk"))


def test_open_together_they_count_each_other_once_approved(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    offers = owed_thrice(incident, now, "coupon", "refund", "credit")
    done = approve_many([(offer, 1) for offer in offers], by=manager, now=now)
    assert [offer.pk for offer in done.done] == [offer.pk for offer in offers[:2]]
    assert [why for _, why in done.left] == [NAME_THE_CAUSE.format(count=2)]


def test_a_second_that_gives_the_same_again_is_not_approved(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    offers = owed_thrice(incident, now, "coupon", "coupon", "coupon")
    done = approve_many([(offer, 1) for offer in offers], by=manager, now=now)
    assert len(done.done) == 1
    assert {why for _, why in done.left} == {SAME_AGAIN}


@pytest.fixture
def third(incident: Incident, task: CareTask, manager: User, now: datetime) -> Offer:
    """Proposed as a first, with the system's words; two were heard since, and its cause has a name."""
    offer = proposed(now)
    heard(incident, 2, manager, now)
    Offer.objects.filter(status="delivered").update(compensation="gift")
    name_cause(incident, "Labels come off", by=manager, now=now)
    return Offer.objects.get(pk=offer.pk)


def rewrite(offer: Offer, by: User, now: datetime, **changes: object) -> Offer:
    facts = {"words": offer.words, "compensation": offer.compensation, "amount": offer.amount}
    edit_offer(offer, by=by, now=now, version=offer.version, **{**facts, **changes})  # type: ignore[arg-type]
    return Offer.objects.get(pk=offer.pk)


@pytest.mark.parametrize(
    "changes",
    [{}, {"amount": Decimal(14), "departure": "Twice before"}, {"compensation": "refund"}],
    ids=["nothing", "the amount", "the gift"],
)
def test_an_edit_that_leaves_the_words_is_still_a_template(
    third: Offer, manager: User, second_manager: User, now: datetime, changes: dict[str, object]
) -> None:
    words = third.words.replace("\n", "\r\n")  # as a browser posts them
    offer = rewrite(third, second_manager, now, words=words, **changes)
    with pytest.raises(Refused, match="Write this letter yourself"):
        approve(offer, by=manager, now=now, version=offer.version)
    offer = rewrite(offer, second_manager, now, words=f"I am sorry, Grace. {offer.words}")
    approve(offer, by=manager, now=now, version=offer.version)
    assert offer.status == "approved"


def test_a_template_that_its_facts_have_left_behind_is_still_one(
    third: Offer, manager: User, second_manager: User, now: datetime
) -> None:
    offer = rewrite(third, second_manager, now)
    assert offer.incident.order
    type(offer.incident.order).objects.update(delivered_at=now)
    with pytest.raises(Refused, match="Write this letter yourself"):
        approve(offer, by=manager, now=now, version=offer.version)


def test_a_causes_decision_writes_no_letter(
    third: Offer, manager: User, second_manager: User, now: datetime
) -> None:
    cause = third.incident.cause
    assert cause
    decide_cause(cause, remedy="refund", amount=Decimal(12), by=second_manager, now=now)
    third.refresh_from_db()
    assert third.proposed_by == second_manager
    with pytest.raises(Refused, match="Write this letter yourself"):
        approve(third, by=manager, now=now, version=third.version)


@pytest.mark.parametrize(
    ("times", "reach", "theirs"), [(0, "phone", False), (1, "phone", True), (1, "email", False)]
)
def test_the_second_call_is_the_managers_own(
    incident: Incident, task: CareTask, manager: User, now: datetime, times: int, reach: str, theirs: bool
) -> None:
    heard(incident, times, manager, now)
    CareTask.objects.filter(pk=task.pk).update(reach=reach)
    approve(proposed(now), by=manager, now=now, version=1)
    task.refresh_from_db()
    assert (task.status, task.assignee) == ("open", manager if theirs else None)


def test_a_colleague_may_take_the_managers_call(
    incident: Incident, task: CareTask, manager: User, rep: User, now: datetime
) -> None:
    heard(incident, 1, manager, now)
    approve(proposed(now), by=manager, now=now, version=1)
    task.refresh_from_db()
    take(task, by=rep, now=now)
    assert task.held_by == rep
