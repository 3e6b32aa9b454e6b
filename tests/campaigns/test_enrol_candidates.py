from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from apps.campaigns.engine import run_pass
from apps.campaigns.models import Campaign, Enrollment, Refusal
from apps.core.models import Event
from apps.customers.models import Permission
from apps.worklist.models import CareTask
from tests.factories import NOW, make_customer, make_feedback, make_order, make_team

from .outcomes import switch_on

PLAYS = ["welcome", "vip_recognition", "feedback_reply", "apology"]


@pytest.fixture
def busy_shop() -> None:
    """Somebody for every play, and one who is held back."""
    for n in range(3):
        make_order(make_customer(external_id=f"new{n}"), external_id=f"o{n}")
    make_feedback(make_customer(external_id="wrote"), external_id="f")
    failed = make_customer(external_id="failed")
    make_order(failed, placed_at=NOW - timedelta(days=20), promised_on=NOW.date() - timedelta(days=4))
    refused = make_customer(external_id="refused")
    make_order(refused)
    facts = {"channel": "phone", "purpose": "recognition", "state": "refused", "at": NOW}
    Permission.objects.create(customer=refused, **facts)


def row_counts() -> dict[str, int]:
    tables = set(connection.introspection.table_names())
    models = [model for model in apps.get_models() if model._meta.db_table in tables]
    return {model._meta.label: model._base_manager.count() for model in models}


def test_candidates_are_the_sum_of_what_became_of_them(busy_shop: None) -> None:
    switch_on()
    report = run_pass(at=NOW)
    assert [each.play for each in report.campaigns] == [
        "apology",
        "feedback_reply",
        "vip_recognition",
        "welcome",
    ]
    for each in report.campaigns:
        assert each.candidates == sum(each.held_back.values()) + each.holdout + each.enrolled
        assert each.tasks_opened == each.enrolled
    assert {each.play: each.enrolled for each in report.campaigns} == {
        "apology": 1,
        "feedback_reply": 1,
        "vip_recognition": 1,
        "welcome": 3,
    }


def test_a_second_run_at_the_same_moment_enrols_nobody(busy_shop: None) -> None:
    switch_on(holdout_percent=50)
    first = run_pass(at=NOW)
    rows = row_counts()
    second = run_pass(at=NOW)
    assert [each.enrolled + each.holdout for each in second.campaigns] == [0, 0, 0, 0]
    assert [each.candidates for each in second.campaigns] == [each.candidates for each in first.campaigns]
    assert row_counts() == rows


def test_a_dry_run_counts_every_campaign_and_writes_nothing(busy_shop: None) -> None:
    rows = row_counts()
    dry = run_pass(at=NOW, dry_run=True)
    assert row_counts() == rows
    switch_on()
    real = run_pass(at=NOW)
    for one, other in zip(dry.campaigns, real.campaigns, strict=True):
        assert (one.candidates, one.held_back, one.enrolled) == (
            other.candidates,
            other.held_back,
            other.enrolled,
        )


def test_campaigns_that_are_off_do_nothing(busy_shop: None) -> None:
    switch_on("welcome")
    assert [each.play for each in run_pass(at=NOW).campaigns] == ["welcome"]
    assert set(Enrollment.objects.values_list("play", flat=True)) == {"welcome"}


def test_every_row_that_came_to_be_has_its_event(busy_shop: None) -> None:
    switch_on()
    run_pass(at=NOW)
    for model in (Enrollment, CareTask):
        told = Event.objects.filter(subject=model._meta.label_lower, at=NOW)
        assert set(told.values_list("subject_id", flat=True)) == set(
            model.objects.values_list("pk", flat=True)
        )


def test_task_knows_its_facts_its_place_and_its_window(busy_shop: None) -> None:
    team = make_team("Callers")
    switch_on("welcome", team=team)
    run_pass(at=NOW)
    task = CareTask.objects.get(facts__order="o0")
    assert task.key == f"welcome:{task.customer_id}:order:o0"
    assert task.enrollment.subject_id == task.customer.orders.get().pk
    assert task.facts == {
        "order": "o0",
        "items": "Fjell jacket, moss M",
        "total": "49.50",
        "placed_on": "2026-03-02",
    }
    assert (task.team, task.reach, task.zone, task.status) == (team, "phone", "Europe/London", "open")
    assert (task.calls_from.hour, task.calls_until.hour) == (9, 20)
    assert task.due_at == NOW.replace(day=3, hour=20)  # the next business day's end in São Paulo
    assert task.expires_at == NOW + timedelta(days=12)


def test_owed_comes_before_optional_and_an_apology_waits(busy_shop: None) -> None:
    switch_on()
    run_pass(at=NOW)
    kinds = {
        play: (owed, priority, status)
        for play, owed, priority, status in CareTask.objects.values_list("play", "owed", "priority", "status")
    }
    assert kinds["apology"] == (True, 1, "waiting")
    assert kinds["feedback_reply"] == (True, 1, "open")
    assert kinds["welcome"] == kinds["vip_recognition"] == (False, 2, "open")


@pytest.mark.parametrize(
    ("play", "contact", "refused", "reach"),
    [
        ("apology", {}, [], "phone"),
        ("apology", {}, ["phone"], "email"),
        ("apology", {"postcode": "8000", "city": "Zürich"}, ["phone", "email"], "post"),
        ("apology", {"phone": "", "email": ""}, [], "find"),
        ("feedback_reply", {}, [], "email"),
        ("feedback_reply", {}, ["email"], "phone"),
        ("feedback_reply", {"phone": "", "email": ""}, [], "public"),
        ("welcome", {"phone": ""}, [], "find"),
    ],
)
def test_a_closed_channel_gives_way_to_another(
    play: str, contact: dict[str, str], refused: list[str], reach: str
) -> None:
    customer = make_customer(**contact)
    promised = None if play == "welcome" else NOW.date() - timedelta(days=2)
    make_order(customer, promised_on=promised)
    make_feedback(customer)
    for channel in refused:
        Permission.objects.create(
            customer=customer, channel=channel, purpose="service", state="refused", at=NOW
        )
    switch_on(play)
    run_pass(at=NOW)
    assert CareTask.objects.get().reach == reach


def test_the_rest_of_a_day_waits_and_is_opened_by_later_passes_in_order_of_due() -> None:
    for n in range(5):
        make_feedback(external_id=f"f{n}", received_at=NOW - timedelta(days=n))
    switch_on("feedback_reply", tasks_per_day=2)
    first = run_pass(at=NOW).campaigns[0]
    assert (first.enrolled, first.tasks_opened) == (5, 2)
    assert set(CareTask.objects.values_list("facts__feedback", flat=True)) == {"f4", "f3"}
    again = run_pass(at=NOW + timedelta(hours=1)).campaigns[0]
    assert (again.enrolled, again.tasks_opened, CareTask.objects.count()) == (0, 0, 2)
    run_pass(at=NOW + timedelta(days=1))
    assert CareTask.objects.count() == 4
    assert Enrollment.objects.filter(task=None).count() == 1


def test_a_refusal_is_one_row_with_when_it_was_first_and_last_seen(busy_shop: None) -> None:
    switch_on("welcome")
    run_pass(at=NOW)
    run_pass(at=NOW + timedelta(hours=1))
    refusal = Refusal.objects.get()
    assert refusal.reason == "refused_permission"
    assert (refusal.first_seen_at, refusal.last_seen_at) == (NOW, NOW + timedelta(hours=1))


def test_migrate_makes_one_campaign_per_play_off() -> None:
    assert sorted(Campaign.objects.values_list("play", flat=True)) == sorted(PLAYS)
    assert not Campaign.objects.filter(is_on=True).exists()
