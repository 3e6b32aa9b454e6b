"""The second apology in a year is another remedy, the third needs a cause and a person's words."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import Shop, User
from apps.apologies.checks import PROMISE, checks_of
from apps.apologies.models import Incident, Offer
from apps.apologies.refusals import Refused
from apps.apologies.remedies import IN_TURN
from apps.apologies.repeats import NAME_THE_CAUSE, SAME_AGAIN, check_repeat
from apps.apologies.services import (
    approve,
    approve_many,
    decide_cause,
    edit_offer,
    name_cause,
    propose_missing_offers,
    refresh_offers,
)
from apps.worklist.models import CareTask
from apps.worklist.services import take
from tests import factories
from tests.apologies.conftest import owe


def heard(incident: Incident, times: int, manager: User, now: datetime, *, days_ago: int = 30) -> None:
    for _ in range(times):
        told = factories.make_incident(incident.customer)
        at = now - timedelta(days=days_ago)
        factories.make_offer(told, status="delivered", decided_by=manager, decided_at=at, task=None)


def proposed(now: datetime) -> Offer:
    propose_missing_offers(now=now)
    return Offer.objects.get(status="proposed")


def test_a_second_apology_gives_more_and_something_else(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    heard(incident, 1, manager, now)
    offer = proposed(now)
    assert (offer.compensation, offer.amount, offer.channel) == ("refund", Decimal(15), "phone")
    assert "€15.00" in offer.words


def test_a_third_has_no_words_to_take_over(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    heard(incident, 2, manager, now)
    assert proposed(now).words == ""


def test_one_of_last_year_counts_no_more(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    heard(incident, 2, manager, now, days_ago=366)
    offer = proposed(now)
    assert (offer.compensation, bool(offer.words)) == ("coupon", True)


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


def test_counting_is_one_query_for_all(shop: Shop, manager: User, now: datetime) -> None:
    def queries_for(size: int) -> int:
        for _ in range(size):
            incident = factories.make_incident(order=factories.make_order())
            heard(incident, 1, manager, now)
            owe(incident)
        with CaptureQueriesContext(connection) as queries:
            assert propose_missing_offers(now=now) == size
        return len(queries)

    queries_for(1)  # what a process reads once is not counted
    assert queries_for(2) == queries_for(20)


def test_what_has_changed_is_only_said_where_an_improvement_is_linked(offer: Offer, manager: User) -> None:
    offer.words = "Dear Grace, I am sorry. We lost it. Two people now check each label."
    promise = {check.name: check for check in checks_of(offer, given_before=[])}[PROMISE]
    assert not promise.holds
    assert promise.quote == "Two people now check each label."
    improvement = factories.make_improvement()
    offer.incident.cause = factories.make_cause(improvement=improvement)
    assert PROMISE not in {check.name for check in checks_of(offer, given_before=[])}


def test_the_systems_letter_promises_nothing_by_itself(
    incident: Incident, task: CareTask, now: datetime
) -> None:
    Incident.objects.update(severity="serious")
    offer = proposed(now)
    assert PROMISE not in {check.name for check in checks_of(offer, given_before=[])}


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


def test_what_is_approved_counts_when_the_next_is_proposed(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    told = factories.make_incident(incident.customer)
    factories.make_offer(told, status="approved", decided_by=manager, decided_at=now, task=None)
    assert proposed(now).compensation == "refund"


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


def test_what_was_proposed_before_another_apology_was_heard_gives_something_else_after_it(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    offer = proposed(now)
    assert offer.compensation == "coupon"
    heard(incident, 1, manager, now, days_ago=1)
    assert refresh_offers(now=now) == 1
    offer.refresh_from_db()
    assert (offer.compensation, offer.amount, offer.version) == ("refund", Decimal(15), 2)
    assert "€15.00" in offer.words
    assert refresh_offers(now=now) == 0


def test_where_everything_was_given_the_offer_stays(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    heard(incident, 4, manager, now, days_ago=1)
    for kind, told in zip(IN_TURN, Offer.objects.all(), strict=True):
        Offer.objects.filter(pk=told.pk).update(compensation=kind)
    offer = proposed(now)
    assert refresh_offers(now=now) == 0
    offer.refresh_from_db()
    assert (offer.compensation, offer.version) == ("credit", 1)


def test_a_person_who_wrote_it_is_only_told(
    incident: Incident, offer: Offer, manager: User, now: datetime
) -> None:
    Offer.objects.update(proposed_by=manager)
    heard(incident, 1, manager, now)
    assert refresh_offers(now=now) == 0


def test_a_cause_gives_nobody_the_same_again(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    heard(incident, 1, manager, now)
    Incident.objects.filter(pk=incident.pk).update(
        cause=factories.make_cause(remedy="coupon", amount=Decimal(12))
    )
    offer = proposed(now)
    assert (offer.compensation, offer.amount) == ("refund", Decimal(12))
    Incident.objects.filter(pk=incident.pk).update(severity="serious")
    assert refresh_offers(now=now) == 1
    offer.refresh_from_db()
    assert (offer.compensation, offer.amount) == ("refund", Decimal(12))


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
