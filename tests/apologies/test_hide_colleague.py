"""Who was rude stands in the incident alone, for managers of that colleague's team and admins."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Role, Team, User
from apps.apologies.models import Incident
from apps.apologies.permissions import may_see_colleague, may_see_detail
from apps.apologies.plays.apology import Apology
from apps.apologies.services import report_incident
from apps.campaigns.moment import Moment
from apps.core.models import Event
from apps.worklist.models import Attempt
from tests import factories
from tests.apologies.conftest import owe

WHO = "Quentin Zweig"
TOLD = "Quentin hung up on me, twice."


@pytest.fixture
def colleague(team: Team) -> User:
    return factories.make_user(Role.REP, name=WHO, team=team)


@pytest.fixture
def incident(colleague: User, rep: User, now: datetime) -> Incident:
    return report_incident(
        factories.make_customer(),
        kind="rude",
        severity="moderate",
        detail=TOLD,
        colleague=colleague,
        by=rep,
        now=now,
    )


def pages(client: Client, user: User, incident: Incident) -> str:
    """Everything that this person can open about it."""
    client.force_login(user)
    offer = incident.offers.get()
    urls = [
        reverse("desk:customer", args=[incident.customer_id]),
        reverse("desk:offer", args=[offer.pk]),
        reverse("desk:approvals"),
        reverse("desk:today"),
        f"{reverse('desk:search')}?q=Quentin",
        f"{reverse('desk:customers')}?q=Quentin",
    ]
    return "".join(client.get(url).content.decode() for url in urls)


@pytest.fixture
def told(incident: Incident, team: Team) -> Incident:
    """With its offer, proposed."""
    task = owe(incident, team=team, facts={"kind": "rude"})
    factories.make_offer(incident, task=task)
    return incident


def test_the_managers_of_their_team_and_admins_see_it(
    incident: Incident, rep: User, other_rep: User, manager: User, admin: User, colleague: User
) -> None:
    other_manager = factories.make_user(Role.MANAGER, team=other_rep.team)
    seen = [may_see_colleague(user, incident) for user in (manager, admin)]
    assert seen == [True, True]
    hidden = [rep, other_rep, other_manager, colleague, factories.make_user(Role.MARKETER)]
    assert not any(may_see_colleague(user, incident) for user in hidden)


def test_no_page_shows_the_name_to_anybody_else(
    client: Client, told: Incident, other_rep: User, marketer: User
) -> None:
    other_manager = factories.make_user(Role.MANAGER)
    for user in (marketer, other_manager):
        page = pages(client, user, told)
        assert WHO not in page
        assert TOLD not in page


def test_the_manager_reads_name_and_words_in_the_offer(client: Client, told: Incident, manager: User) -> None:
    page = pages(client, manager, told)
    assert WHO in page
    assert TOLD in page


def test_the_colleague_reads_nothing_of_it(client: Client, told: Incident, colleague: User) -> None:
    client.force_login(colleague)
    page = client.get(reverse("desk:customer", args=[told.customer_id])).content.decode()
    assert TOLD not in page


@pytest.mark.parametrize("works_it", [False, True])
def test_whoever_calls_them_reads_what_happened(
    incident: Incident, other_rep: User, colleague: User, works_it: bool
) -> None:
    assert may_see_detail(other_rep, incident, works_it=works_it) is works_it
    assert not may_see_detail(colleague, incident, works_it=works_it)


def test_the_reporter_reads_their_own_words(incident: Incident, rep: User) -> None:
    assert may_see_detail(rep, incident)


def test_the_log_holds_neither_name_nor_key(incident: Incident, colleague: User) -> None:
    for event in Event.objects.filter(subject="apologies.incident"):
        assert "colleague" not in str(event.data)
        assert WHO not in str(event.data) + event.reason


def test_the_task_carries_no_words_of_it(incident: Incident, now: datetime) -> None:
    [_, reported] = Apology().candidates(Moment.of(now))
    facts = reported.rows.annotate(told=reported.facts).values_list("told", flat=True).get()
    assert "Quentin" not in str(facts)
    assert Apology().why({"kind": "rude"}) == "We did not treat them well"


def test_only_rude_treatment_names_somebody(colleague: User, rep: User, now: datetime) -> None:
    facts = {"kind": "late", "severity": "minor", "detail": ""}
    late = report_incident(factories.make_customer(), colleague=colleague, by=rep, now=now, **facts)  # type: ignore[arg-type]
    assert late.colleague is None


def test_the_form_asks_who_and_keeps_it_for_rude_alone(signed_in: Client, colleague: User, rep: User) -> None:
    customer = factories.make_customer()
    url = reverse("desk:report_incident", args=[customer.pk])
    facts = {
        "severity": "minor",
        "detail": "x",
        "colleague": colleague.pk,
        "responsibility": "part",
        "customer_effort": "much",
    }
    signed_in.post(url, {**facts, "kind": "late"})
    signed_in.post(url, {**facts, "kind": "rude"})
    late, rude = Incident.objects.order_by("pk")
    assert (late.colleague, rude.colleague) == (None, colleague)
    assert (rude.responsibility, rude.customer_effort) == ("part", "much")


def test_a_form_that_says_nothing_of_fault_means_ours(signed_in: Client) -> None:
    url = reverse("desk:report_incident", args=[factories.make_customer().pk])
    signed_in.post(url, {"kind": "late", "severity": "minor", "detail": "x"})
    incident = Incident.objects.get()
    assert (incident.responsibility, incident.customer_effort) == ("whole", "none")


def report_also(incident: Incident, by: User, now: datetime, kind: str = "other") -> Incident:
    return report_incident(
        incident.customer,
        kind=kind,
        severity="minor",
        detail="The box was dented.",
        order=incident.order,
        by=by,
        now=now,
    )


@pytest.fixture
def of_order(colleague: User, rep: User, now: datetime) -> Incident:
    order = factories.make_order()
    facts = {"kind": "rude", "severity": "moderate", "detail": TOLD, "colleague": colleague}
    return report_incident(order.customer, order=order, by=rep, now=now, **facts)  # type: ignore[arg-type]


def test_a_later_report_hands_the_words_to_nobody_and_takes_them_from_nobody(
    of_order: Incident, rep: User, other_rep: User, now: datetime
) -> None:
    incident = report_also(of_order, other_rep, now)
    assert (incident.reported_by, incident.detail) == (rep, f"{TOLD}\nThe box was dented.")
    assert may_see_detail(rep, incident)
    assert not may_see_detail(other_rep, incident)


def test_who_tells_of_it_second_is_the_one_who_reads_it(
    of_order: Incident, rep: User, other_rep: User, now: datetime
) -> None:
    order = factories.make_order()
    late = {"kind": "late", "severity": "minor", "detail": "Two days."}
    report_incident(order.customer, order=order, by=other_rep, now=now, **late)  # type: ignore[arg-type]
    rude = {"kind": "rude", "severity": "minor", "detail": TOLD}
    incident = report_incident(order.customer, order=order, by=rep, now=now, **rude)  # type: ignore[arg-type]
    assert (incident.kind, incident.reported_by) == ("late", rep)
    assert not may_see_detail(other_rep, incident)


@pytest.mark.parametrize("kind", ["late", "other"])
def test_words_of_nobody_named_stay_private_under_a_stronger_kind(
    rep: User, other_rep: User, colleague: User, now: datetime, kind: str
) -> None:
    order = factories.make_order()
    facts = {"kind": "rude", "severity": "moderate", "detail": TOLD}
    rude = report_incident(order.customer, order=order, by=rep, now=now, **facts)  # type: ignore[arg-type]
    incident = report_also(rude, other_rep, now, kind)
    incident.refresh_from_db()
    assert [may_see_detail(one, incident) for one in (rep, other_rep, colleague)] == [True, False, False]
    [_, reported] = Apology().candidates(Moment.of(now))
    assert "Quentin" not in str(list(reported.rows.annotate(told=reported.facts).values_list("told")))


@pytest.fixture
def call(incident: Incident, rep: User, now: datetime) -> Attempt:
    """By the rep who reported it, from the notes of this call."""
    task = factories.make_task(incident.customer, status="done", closed_at=now, team=rep.team)
    facts = {"started_at": now, "ended_at": now, "outcome": "problem_found", "notes": TOLD}
    return Attempt.objects.create(task=task, customer=incident.customer, by=rep, **facts)


def test_the_notes_of_the_call_are_as_private_as_the_report(
    client: Client, call: Attempt, rep: User, colleague: User, manager: User, marketer: User
) -> None:
    url = reverse("desk:customer", args=[call.customer_id])
    readers = []
    for user in (rep, manager, colleague, marketer):
        client.force_login(user)
        readers.append(TOLD in client.get(url).content.decode())
    assert readers == [True, True, False, False]


def test_notes_that_the_report_was_written_from_are_private_whatever_the_outcome(
    client: Client, call: Attempt, colleague: User
) -> None:
    Attempt.objects.update(outcome="talked")
    client.force_login(colleague)
    page = client.get(reverse("desk:customer", args=[call.customer_id])).content.decode()
    assert TOLD not in page


def test_other_notes_stay_for_everybody(client: Client, call: Attempt, colleague: User) -> None:
    Attempt.objects.update(outcome="talked", notes="Likes the blue one.")
    client.force_login(colleague)
    page = client.get(reverse("desk:customer", args=[call.customer_id])).content.decode()
    assert "Likes the blue one." in page


def test_neither_the_card_beside_a_call_nor_the_form_of_a_problem_shows_them(
    client: Client, call: Attempt, colleague: User, rep: User
) -> None:
    """The form begins with one's own notes alone."""
    next_task = factories.make_task(call.customer, status="open", team=colleague.team)
    pages = [
        reverse("desk:workspace", args=[next_task.pk]),
        reverse("desk:workspace", args=[call.task_id]),
        reverse("desk:call_problem", args=[call.task_id]),
    ]
    client.force_login(colleague)
    assert all(TOLD not in client.get(url).content.decode() for url in pages)
    client.force_login(rep)
    assert all(TOLD in client.get(url).content.decode() for url in pages)
