"""`manage.py shift_report`: equal to a plain sum over the entries, by week, month, team and play."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Role, Shop, Team, User
from apps.effort.models import TimeEntry
from apps.effort.plans import set_plan
from apps.effort.report import By, Report, shift_report
from tests.factories import NOW, make_shop, make_team, make_user

FIRST, LAST = date(2026, 2, 12), date(2026, 3, 3)
JOINED = datetime(2026, 1, 1, tzinfo=UTC)


def report(by: By, first: date = FIRST, last: date = LAST, now: datetime = NOW) -> Report:
    return shift_report(Shop.current(), first=first, last=last, by=by, now=now)


def command(*options: str) -> list[dict]:
    out = StringIO()
    call_command("shift_report", *options, "--json", stdout=out)
    return json.loads(out.getvalue())


def add(day: date, origin: str, seconds: int, team: Team | None = None, play: str = "") -> None:
    started = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    TimeEntry.objects.create(
        day=day, started_at=started, origin=origin, seconds=seconds, team=team, play=play, source="clock"
    )


@pytest.fixture
def entries(shop: Shop) -> list[TimeEntry]:
    """300 entries over the days and beyond, of two teams and none, and three plays."""
    chance = random.Random(7)
    teams = [make_team("Care"), make_team("Stores"), None]
    for _ in range(300):
        add(
            FIRST + timedelta(days=chance.randint(-3, 22)),
            chance.choice(["proactive", "reactive", "internal"]),
            chance.randint(0, 4000),
            chance.choice(teams),
            chance.choice(["", "welcome", "apology"]),
        )
    return list(TimeEntry.objects.filter(day__range=(FIRST, LAST)).select_related("team"))


NAMES = {
    By.WEEK: lambda entry: "{}-W{:02}".format(*entry.day.isocalendar()[:2]),
    By.MONTH: lambda entry: entry.day.isoformat()[:7],
    By.TEAM: lambda entry: entry.team.name if entry.team else "no team",
    By.PLAY: lambda entry: entry.play,
}


@pytest.mark.parametrize("by", list(By))
def test_rows_equal_a_plain_sum_over_the_entries(entries: list[TimeEntry], by: By) -> None:
    expected: dict[str, dict[str, int]] = {}
    for entry in entries:
        sums = expected.setdefault(NAMES[by](entry), {"proactive": 0, "reactive": 0, "internal": 0})
        sums[entry.origin] += entry.seconds
    label = {By.TEAM: "team", By.PLAY: "play"}.get(by, "period")
    rows = command("--from", str(FIRST), "--to", str(LAST), "--by", by)
    found = {
        row[label]: {origin: row[f"{origin}_seconds"] for origin in ("proactive", "reactive", "internal")}
        for row in rows
    }
    assert found == expected
    for row in rows:
        care = row["proactive_seconds"] + row["reactive_seconds"]
        assert row["share"] == pytest.approx(row["proactive_seconds"] / care)


def test_first_and_last_day_are_included(shop: Shop) -> None:
    for day in (FIRST - timedelta(days=1), FIRST, LAST, LAST + timedelta(days=1)):
        add(day, "proactive", 100)
    assert report(By.WEEK).total.time.proactive == 200


def test_week_is_named_by_iso_and_held_against_its_mondays_month(shop: Shop, marketer: User) -> None:
    targets = {date(2018, 2, 1): Decimal("0.05"), date(2018, 3, 1): Decimal("0.1")}
    set_plan(targets, by=marketer, now=NOW)
    rows = command("--from", "2018-02-26", "--to", "2018-03-11")
    assert [(row["period"], row["target"]) for row in rows] == [("2018-W09", 0.05), ("2018-W10", 0.1)]
    rows = command("--from", "2018-12-31", "--to", "2019-01-01")
    assert [row["period"] for row in rows] == ["2019-W01"]


def test_share_is_null_where_nothing_was_measured(shop: Shop) -> None:
    add(LAST, "internal", 500)
    (row,) = command("--from", str(LAST), "--to", str(LAST))
    assert (row["share"], row["target"], row["internal_seconds"]) == (None, None, 500)


def test_what_was_not_measured_is_working_time_less_what_was_logged(team: Team) -> None:
    make_user(team=team, date_joined=JOINED)
    make_user(date_joined=JOINED, hours={"0": [["09:00", "11:00"]], "5": [["10:00", "12:00"]]})
    make_user(date_joined=JOINED, is_active=False)
    make_user(Role.MARKETER, date_joined=JOINED)
    add(date(2026, 2, 16), "reactive", 3600, team)  # a Monday
    week = {"first": date(2026, 2, 16), "last": date(2026, 2, 22)}
    rows = report(By.TEAM, **week).rows
    assert {row.name: row.unmeasured for row in rows} == {"Care": 39 * 3600, "no team": 4 * 3600}
    assert report(By.WEEK, **week).rows[0].unmeasured == 43 * 3600
    assert report(By.PLAY, **week).rows[0].unmeasured is None


def test_logged_time_over_working_time_leaves_nothing_unmeasured(team: Team) -> None:
    make_user(team=team, date_joined=JOINED)
    add(date(2026, 2, 16), "reactive", 50 * 3600, team)
    row = report(By.WEEK, date(2026, 2, 16), date(2026, 2, 16)).rows[0]
    assert (row.unmeasured, row.unmeasured_share) == (0, 0)


def test_more_time_than_hours_in_one_week_hides_nothing_of_another(team: Team) -> None:
    """Whichever way it is grouped: a team whose whole time is over its hours has unknown weeks, too."""
    make_user(team=team, date_joined=JOINED)  # 40 hours a week
    add(date(2026, 2, 9), "reactive", 60 * 3600, team)
    add(date(2026, 2, 16), "reactive", 30 * 3600, team)
    days = {"first": date(2026, 2, 9), "last": date(2026, 2, 22)}
    for by in (By.WEEK, By.MONTH, By.TEAM):
        told = report(by, **days)
        assert sum(row.unmeasured or 0 for row in told.rows) == told.unmeasured == 10 * 3600
        assert told.unmeasured_share == 10 / 100


def test_holidays_are_no_working_time(team: Team) -> None:
    make_user(team=team, date_joined=JOINED)
    new_year = date(2026, 1, 1)
    assert report(By.WEEK, new_year, new_year).total.working == 0


def test_nobody_was_missed_before_they_joined(team: Team) -> None:
    make_user(team=team, date_joined=datetime(2026, 2, 18, 8, tzinfo=UTC))
    week = report(By.WEEK, date(2026, 2, 16), date(2026, 2, 22)).rows[0]
    assert week.unmeasured == 3 * 8 * 3600


def test_hours_still_to_come_are_not_unmeasured(team: Team) -> None:
    make_user(team=team, date_joined=JOINED)
    now = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # Wednesday 11:00 in Berlin
    week = report(By.WEEK, date(2026, 3, 2), date(2026, 3, 8), now).rows[0]
    assert week.unmeasured == (8 + 8 + 2) * 3600


def test_a_week_with_the_clocks_set_forward_has_its_hours(team: Team) -> None:
    make_shop(hours={"6": [["00:00", "08:00"]]})
    make_user(team=team, date_joined=JOINED)
    sunday = date(2026, 3, 29)
    later = datetime(2026, 4, 1, tzinfo=UTC)
    assert report(By.WEEK, sunday, sunday, later).total.working == 7 * 3600


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--from", "2026-03-04", "--to", "2026-03-01"], "first day is after the last"),
        (["--from", "yesterday", "--to", "2026-03-01"], "is not a day"),
        (["--from", "2026-02-30", "--to", "2026-03-01"], "is not a day"),
        (["--from", "1900-01-01", "--to", "2026-03-01"], "at most 20 years"),
        (["--from", "2026-03-01", "--to", "2026-03-01", "--by", "moon"], "invalid choice"),
        (["--from", "2026-03-01"], "required"),
    ],
)
def test_bad_input_is_said_plainly(shop: Shop, options: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        command(*options)


def test_table_for_people_says_the_same(entries: list[TimeEntry]) -> None:
    out = StringIO()
    call_command("shift_report", "--from", str(FIRST), "--to", str(LAST), "--by", "team", stdout=out)
    head, *lines = out.getvalue().splitlines()
    assert head.split()[:3] == ["team", "proactive", "reactive"]
    assert [line.split()[0] for line in lines] == ["Care", "Stores", "no"]


@pytest.mark.parametrize("by", list(By))
def test_report_costs_three_queries(
    entries: list[TimeEntry], by: By, django_assert_max_num_queries: object
) -> None:
    """The daily sums, the people with their teams, the plan."""
    shop = Shop.current()
    for name in ("Care", "Stores"):
        make_user(team=make_team(name))
    with django_assert_max_num_queries(3):
        shift_report(shop, first=FIRST, last=LAST, by=by, now=NOW)
