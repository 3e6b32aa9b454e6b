"""Care time: whose, on which day, counted once, and the way back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import Team, User
from apps.core.models import Event
from apps.effort.models import ShiftPlan, TimeEntry
from apps.effort.plans import Targets, set_plan, stairs, target_for
from apps.effort.services import correct_contact, log_contact, record_time, take_back_time, usual_seconds
from apps.effort.shares import share_of
from tests.factories import NOW, make_customer


def test_day_is_the_shops_day_on_which_it_began(rep: User) -> None:
    late = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)  # 00:30 of the 5th in Berlin
    entry = record_time(user=rep, origin="proactive", started_at=late, seconds=60, play="welcome")
    assert entry.day == date(2026, 3, 5)


def test_entry_keeps_the_team_of_its_moment(rep: User, team: Team) -> None:
    entry = record_time(user=rep, origin="proactive", started_at=NOW, seconds=60)
    rep.team = None
    rep.save(update_fields=["team"])
    entry.refresh_from_db()
    assert entry.team == team


@pytest.mark.parametrize(("asked", "kept"), [(-5, 0), (100_000, 86_400), (61, 61)])
def test_seconds_are_never_negative_nor_over_a_day(rep: User, asked: int, kept: int) -> None:
    assert record_time(user=rep, origin="internal", started_at=NOW, seconds=asked).seconds == kept


def test_contact_logged_while_the_clock_runs_is_not_counted_twice(rep: User) -> None:
    log_contact(rep, channel="phone", minutes=3, now=NOW + timedelta(minutes=8))
    log_contact(rep, channel="chat", minutes=2, now=NOW + timedelta(minutes=7))  # within the other one
    entry = record_time(user=rep, origin="proactive", started_at=NOW, seconds=600, play="welcome")
    assert entry.seconds == 600 - 180


def test_contact_of_another_person_takes_nothing(rep: User, other_rep: User) -> None:
    log_contact(other_rep, channel="phone", minutes=3, now=NOW + timedelta(minutes=8))
    assert record_time(user=rep, origin="proactive", started_at=NOW, seconds=600).seconds == 600


def test_owner_takes_time_back_and_the_log_keeps_it(rep: User) -> None:
    entry = record_time(user=rep, origin="proactive", started_at=NOW, seconds=600)
    take_back_time(entry, by=rep, now=NOW)
    assert not TimeEntry.objects.exists()
    event = Event.objects.get(verb="taken back")
    assert (event.actor, event.data["seconds"]) == (rep, 600)


def test_nobody_else_but_a_manager_takes_time_back(rep: User, other_rep: User, manager: User) -> None:
    entry = record_time(user=rep, origin="proactive", started_at=NOW, seconds=600)
    with pytest.raises(PermissionDenied):
        take_back_time(entry, by=other_rep, now=NOW)
    take_back_time(entry, by=manager, now=NOW)
    assert not TimeEntry.objects.exists()


def test_contact_takes_five_minutes_until_there_is_a_usual_length(rep: User) -> None:
    entry = log_contact(rep, channel="phone", now=NOW)
    assert (entry.seconds, entry.origin, entry.source) == (300, "reactive", "logged")
    assert entry.started_at == NOW - timedelta(seconds=300)


def test_usual_length_is_ones_own_median_of_that_channel(rep: User, other_rep: User) -> None:
    for minutes in (2, 7, 30):
        log_contact(rep, channel="phone", minutes=minutes, now=NOW - timedelta(days=minutes))
    log_contact(rep, channel="mail", minutes=50, now=NOW)
    log_contact(other_rep, channel="phone", minutes=90, now=NOW)
    assert usual_seconds(rep, "phone", now=NOW) == 7 * 60


def test_a_guess_does_not_confirm_itself(rep: User) -> None:
    log_contact(rep, channel="phone", minutes=20, now=NOW - timedelta(days=2))
    log_contact(rep, channel="chat", now=NOW)
    for _ in range(5):
        log_contact(rep, channel="phone", now=NOW)
    correct_contact(log_contact(rep, channel="chat", now=NOW), minutes=9, by=rep, now=NOW)
    assert usual_seconds(rep, "phone", now=NOW) == 20 * 60
    assert usual_seconds(rep, "chat", now=NOW) == 9 * 60


def test_lengths_older_than_90_days_say_nothing(rep: User) -> None:
    log_contact(rep, channel="phone", minutes=20, now=NOW - timedelta(days=91))
    assert usual_seconds(rep, "phone", now=NOW) == 300


def test_only_the_person_corrects_a_logged_contact(rep: User, manager: User) -> None:
    entry = log_contact(rep, channel="phone", now=NOW)
    with pytest.raises(PermissionDenied):
        correct_contact(entry, minutes=2, by=manager, now=NOW)
    measured = record_time(user=rep, origin="proactive", started_at=NOW, seconds=600)
    with pytest.raises(PermissionDenied):
        correct_contact(measured, minutes=2, by=rep, now=NOW)


def test_share_is_proactive_over_proactive_and_reactive(rep: User, other_rep: User, team: Team) -> None:
    for origin, seconds in (("proactive", 100), ("reactive", 300), ("internal", 50)):
        record_time(user=rep, origin=origin, started_at=NOW, seconds=seconds)
    record_time(user=other_rep, origin="reactive", started_at=NOW, seconds=600)
    day = NOW.date()
    assert share_of(first=day, last=day).share == pytest.approx(0.1)
    assert share_of(first=day, last=day, team=team).share == pytest.approx(0.25)
    assert share_of(first=day, last=day, user=rep).internal == 50
    tomorrow = day + timedelta(days=1)
    assert share_of(first=tomorrow, last=tomorrow).share is None


def test_share_costs_one_query(rep: User, django_assert_num_queries: object) -> None:
    for whose in ({}, {"user": rep}, {"team": rep.team}):
        with django_assert_num_queries(1):
            share_of(first=NOW.date(), last=NOW.date(), **whose)


def test_month_without_a_target_carries_the_latest_one(marketer: User) -> None:
    months = {date(2026, 1, 1): Decimal("0.05"), date(2026, 3, 1): Decimal("0.1")}
    set_plan(months, by=marketer, now=NOW)
    plan = Targets.load()
    expected = {
        date(2025, 12, 31): None,
        date(2026, 1, 1): Decimal("0.05"),
        date(2026, 2, 28): Decimal("0.05"),
        date(2026, 3, 1): Decimal("0.1"),
        date(2027, 7, 1): Decimal("0.1"),
    }
    assert {day: plan.on(day) for day in expected} == expected
    assert {day: target_for(day) for day in expected} == expected


def test_stairs_rise_by_a_step_a_month_over_the_year_and_stop_at_the_whole() -> None:
    filled = stairs(date(2026, 11, 1), start=Decimal("0.9"), step=Decimal("0.05"), months=4)
    assert list(filled) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]
    assert list(filled.values()) == [Decimal("0.9"), Decimal("0.95"), Decimal("1"), Decimal("1")]


def test_rep_cannot_set_the_plan(rep: User) -> None:
    with pytest.raises(PermissionDenied):
        set_plan({date(2026, 1, 1): Decimal("0.05")}, by=rep, now=NOW)
    assert not ShiftPlan.objects.exists()


def test_target_of_a_month_can_be_removed(marketer: User) -> None:
    month = date(2026, 1, 1)
    set_plan({month: Decimal("0.05")}, by=marketer, now=NOW)
    set_plan({month: None}, by=marketer, now=NOW)
    assert not ShiftPlan.objects.exists()


def test_contact_may_be_about_a_customer(rep: User) -> None:
    customer = make_customer()
    log_contact(rep, channel="phone", now=NOW, customer=customer, topic="Parcel")
    entry = customer.time_entries.get()
    assert (entry.topic, entry.customer) == ("Parcel", customer)
