"""The daily sums equal the raw entries, whatever writes them."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from apps.accounts.models import Team
from apps.effort.models import DailyEffort, TimeEntry
from apps.effort.rollup import check_rollup, kept_sums, raw_sums, rebuild_rollup
from tests.factories import NOW, make_team

ORIGINS = ["proactive", "reactive", "internal"]
PLAYS = ["", "welcome", "apology"]

Change = Callable[[list[int]], None]
fields = st.fixed_dictionaries(
    {
        "origin": st.sampled_from(ORIGINS),
        "play": st.sampled_from(PLAYS),
        "day": st.dates(date(2026, 2, 28), date(2026, 3, 2)),
        "seconds": st.integers(0, 86_400),
        "team_id": st.sampled_from([None, 0, 1]),
    }
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), fields),
        st.tuples(st.just("bulk"), st.lists(fields, max_size=5)),
        st.tuples(st.just("save"), st.integers(0, 9), fields),
        st.tuples(st.just("add to all of an origin"), st.sampled_from(ORIGINS), st.integers(1, 90)),
        st.tuples(st.just("move a play"), st.sampled_from(PLAYS), st.sampled_from(PLAYS)),
        st.tuples(st.just("drop a team"), st.integers(0, 1)),
        st.tuples(st.just("upsert"), st.integers(0, 3), fields),
        st.tuples(st.just("ignore"), st.integers(0, 3), fields),
        st.tuples(st.just("delete"), st.integers(0, 9)),
        st.tuples(st.just("delete an origin"), st.sampled_from(ORIGINS)),
        st.tuples(st.just("roll back"), fields),
    ),
    max_size=25,
)


class Desk:
    """Carries out one step after another on the table of entries."""

    def __init__(self) -> None:
        self.teams = [make_team("One").pk, make_team("Two").pk]

    def entry(self, facts: dict, **more: object) -> TimeEntry:
        team = facts["team_id"]
        return TimeEntry(
            **{**facts, "team_id": None if team is None else self.teams[team]},
            started_at=NOW,
            source="clock",
            **more,
        )

    def do(self, verb: str, *args: object) -> None:
        getattr(self, "_" + verb.replace(" ", "_"))(*args)

    def _insert(self, facts: dict) -> None:
        self.entry(facts).save()

    def _bulk(self, rows: list[dict]) -> None:
        TimeEntry.objects.bulk_create([self.entry(facts) for facts in rows])

    def _save(self, place: int, facts: dict) -> None:
        row = TimeEntry.objects.order_by("pk")[place : place + 1].first()
        if row:
            changed = self.entry(facts, pk=row.pk)
            changed.save(force_update=True)

    def _add_to_all_of_an_origin(self, origin: str, seconds: int) -> None:
        TimeEntry.objects.filter(origin=origin).update(seconds=models.F("seconds") + seconds)

    def _move_a_play(self, play: str, to: str) -> None:
        TimeEntry.objects.filter(play=play).update(play=to)

    def _drop_a_team(self, place: int) -> None:
        Team.objects.filter(pk=self.teams[place]).delete()
        self.teams[place] = make_team(f"Again {TimeEntry.objects.count()} {place}").pk

    def _upsert(self, key: int, facts: dict) -> None:
        TimeEntry.objects.bulk_create(
            [self.entry(facts, key=f"k{key}")],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["seconds", "day", "team"],
        )

    def _ignore(self, key: int, facts: dict) -> None:
        TimeEntry.objects.bulk_create([self.entry(facts, key=f"k{key}")], ignore_conflicts=True)

    def _delete(self, place: int) -> None:
        row = TimeEntry.objects.order_by("pk")[place : place + 1].first()
        if row:
            row.delete()

    def _delete_an_origin(self, origin: str) -> None:
        TimeEntry.objects.filter(origin=origin).delete()

    def _roll_back(self, facts: dict) -> None:
        with transaction.atomic():
            self.entry(facts).save()
            transaction.set_rollback(True)


class RollupProperty(HypothesisCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps)
    def test_rollup_equals_the_raw_sum_after_any_changes(self, plan: list[tuple]) -> None:
        desk = Desk()
        for step in plan:
            desk.do(*step)
            assert kept_sums() == raw_sums(), step


def entry(**more: object) -> TimeEntry:
    defaults = {"origin": "reactive", "started_at": NOW, "day": NOW.date(), "seconds": 60, "source": "clock"}
    return TimeEntry(**{**defaults, **more})


def test_entries_add_up_by_day_team_play_and_origin(team: Team) -> None:
    entry(team=team, play="welcome", origin="proactive", seconds=90).save()
    entry(team=team, play="welcome", origin="proactive", seconds=30).save()
    row = DailyEffort.objects.get()
    assert (row.team_key, row.play, row.origin, row.seconds, row.entries) == (
        team.pk,
        "welcome",
        "proactive",
        120,
        2,
    )


def test_a_day_without_entries_leaves_no_row(db: None) -> None:
    entry().save()
    TimeEntry.objects.all().delete()
    assert not DailyEffort.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_flush_in_any_order_leaves_nothing_behind() -> None:
    """Django empties the tables in no order of its own: the sums may go before their entries."""
    entry().save()
    tables = ["effort_dailyeffort", "worklist_attempt", "effort_timeentry"]
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables):
            cursor.execute(statement)
    assert kept_sums() == raw_sums() == {}


def test_the_triggers_stand_after_all_migrations(db: None) -> None:
    """SQLite drops them when a migration rebuilds the table: that migration must install them again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'effort_timeentry'::regclass")
        names = {name for (name,) in cursor.fetchall()}
    assert {f"effort_rollup_{change}" for change in ("insert", "update", "delete")} <= names


def test_proof_finds_a_difference_and_rebuild_mends_it(db: None) -> None:
    TimeEntry.objects.bulk_create([entry(seconds=n) for n in range(5)])
    DailyEffort.objects.update(seconds=1)
    with pytest.raises(CommandError, match="1 of 1 daily sums differ"):
        call_command("rebuild_effort")
    rebuild_rollup()
    assert check_rollup().differing == 0
    assert DailyEffort.objects.get().seconds == 10


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_leave_the_right_sums() -> None:
    errors: list[Exception] = []

    def work(n: int) -> None:
        try:
            write(n)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert DailyEffort.objects.exists()
    assert kept_sums() == raw_sums()


def write(n: int) -> None:
    """Bulk inserts, updates and deletes over the same days as every other writer."""
    for turn in range(6):
        rows = [
            entry(
                agent=str(n),
                seconds=10 + turn,
                day=NOW.date() + timedelta(days=(n * 3 + k) % 5),
                origin=ORIGINS[k % 3],
            )
            for k in range(20)
        ]
        TimeEntry.objects.bulk_create(rows)
        TimeEntry.objects.filter(agent=str(n), origin="reactive").update(seconds=models.F("seconds") + 1)
        if turn % 2:
            TimeEntry.objects.filter(agent=str(n), origin=ORIGINS[turn % 3]).delete()
