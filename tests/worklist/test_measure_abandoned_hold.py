"""A hold whose lease ran out: its time until the last sign of life is kept, the rest stays unmeasured."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import close_old_connections, connection

from apps.core.models import Event
from apps.effort.models import Origin, Source, TimeEntry
from apps.effort.services import log_contact
from apps.worklist import services
from apps.worklist.models import CareTask
from tests.factories import NOW, make_shop, make_task, make_team, make_user

sweeping = import_module("apps.worklist.services.sweep")  # the package has a verb of that name
MINUTES = timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)


@pytest.mark.django_db
def test_the_time_until_the_last_renewal_is_kept(rep, team, now):
    task = make_task(team=team, play="vip_recognition")
    services.take(task, by=rep, now=now)
    services.renew(task, by=rep, now=now + 4 * MINUTES)
    services.save_notes(task, notes="Rang", by=rep, now=now + 6 * MINUTES)
    services.sweep(now=LATER)
    entry = TimeEntry.objects.get()
    assert (entry.user, entry.team, entry.customer) == (rep, team, task.customer)
    assert (entry.started_at, entry.day, entry.seconds) == (now, now.date(), 6 * 60)
    assert (entry.origin, entry.source, entry.play) == (Origin.PROACTIVE, Source.CLOCK, "vip_recognition")
    assert (entry.channel, entry.topic) == ("phone", "Left without an outcome")


@pytest.mark.django_db
def test_a_hold_that_gave_no_sign_of_life_has_no_time(rep, team, now):
    services.take(make_task(team=team), by=rep, now=now)
    services.sweep(now=LATER)
    assert not TimeEntry.objects.exists()


@pytest.mark.django_db
def test_a_contact_logged_meanwhile_is_not_counted_twice(rep, team, now):
    task = make_task(team=team)
    services.take(task, by=rep, now=now)
    log_contact(rep, channel="phone", minutes=3, now=now + 5 * MINUTES)
    log_contact(make_user(team=team), channel="phone", minutes=3, now=now + 5 * MINUTES)
    services.renew(task, by=rep, now=now + 10 * MINUTES)
    services.sweep(now=LATER)
    assert TimeEntry.objects.get(source=Source.CLOCK).seconds == 7 * 60


@pytest.mark.django_db
def test_an_outcome_after_it_adds_nothing_to_its_time(rep, team, now):
    task = make_task(team=team)
    services.take(task, by=rep, now=now)
    services.renew(task, by=rep, now=now + 6 * MINUTES)
    services.sweep(now=LATER)
    task.refresh_from_db()
    attempt = services.record_outcome(task, outcome="talked", by=rep, now=LATER)
    assert attempt.time_entry is None
    assert TimeEntry.objects.get().seconds == 6 * 60


@pytest.mark.django_db
def test_many_leases_take_no_statement_each(team, now, django_assert_max_num_queries):
    for _ in range(30):
        services.take(make_task(team=team), by=make_user(team=team), now=now)
    CareTask.objects.update(held_until=now + 20 * MINUTES)
    make_shop()
    with django_assert_max_num_queries(14):
        assert sweeping.return_leases(now=LATER) == 30
    assert set(TimeEntry.objects.values_list("seconds", flat=True)) == {5 * 60}


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_keep_it_once():
    make_shop()
    team = make_team()
    for _ in range(40):
        services.take(make_task(team=team), by=make_user(team=team), now=NOW)
    CareTask.objects.update(held_until=NOW + 20 * MINUTES)

    def sweep(_: int) -> int:
        try:
            return sweeping.return_leases(now=LATER)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        returned = sum(pool.map(sweep, range(4)))
    close_old_connections()
    assert returned == 40
    assert TimeEntry.objects.count() == 40
    assert Event.objects.filter(subject="worklist.caretask", verb="open").count() == 40
    assert not CareTask.objects.filter(status="held").exists()


@pytest.mark.django_db
def test_a_renewal_in_the_last_instant_keeps_the_task(rep, team, now, monkeypatch):
    task = make_task(team=team)
    services.take(task, by=rep, now=now)
    begin = sweeping._return_some

    def renew_first(*args, **kwargs):
        services.renew(task, by=rep, now=LATER)
        return begin(*args, **kwargs)

    monkeypatch.setattr(sweeping, "_return_some", renew_first)
    assert sweeping.return_leases(now=LATER) == 0
    assert CareTask.objects.get(pk=task.pk).held_by == rep
