"""On a real marketplace's data, each play finds exactly those whom a plain script over the files finds."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.apologies.models import Incident
from apps.campaigns.models import Enrollment, Refusal
from apps.core.models import Event
from apps.worklist.models import CareTask

from .candidates import assert_adds_up, assert_equals_oracle, pass_at
from .conftest import run_json
from .folder import OLIST, needs
from .oracle import Shop, read_olist

pytestmark = [*needs(OLIST), pytest.mark.django_db, pytest.mark.slow]

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
NAMED = ["2017-05-08", "2017-10-19", "2017-12-15", "2017-12-26", "2018-03-01"]
MOMENTS = [
    *(f"{day}T12:00:00" for day in NAMED),
    "2016-09-01T00:00:00",  # before the first order
    "2016-10-05T00:00:00",
    "2016-10-21T05:00:10",  # the first feedback comes in
    "2016-11-25T12:00:00",  # the first promised day has just passed
    "2016-12-05T23:59:59",
    "2017-01-13T11:06:56",  # somebody orders twice in this second
    "2017-02-18T23:30:00",  # the clocks go back this night
    "2017-05-08T00:00:00",
    "2017-05-08T23:59:59",
    "2017-05-08T20:59:59+00:00",
    "2017-10-14T23:59:59",
    "2017-10-15T01:00:00",  # the day that begins at one
    "2017-11-24T15:00:00",
    "2017-12-26T03:00:00+01:00",
    "2018-02-17T23:30:00",  # comes twice, one hour later again
    "2018-02-18T02:30:00+00:00",
    "2018-07-01T00:00:00-03:00",
    "2018-09-03T14:14:25",  # the last order is placed
    "2018-12-31T23:59:59",
]
WORKED = [
    "2016-11-30",
    "2016-12-20",
    "2017-05-08",
    "2017-05-09",
    "2017-06-01",
    "2017-12-15",
    "2017-12-26",
    "2018-03-01",
]


@pytest.fixture(scope="module")
def oracle() -> Shop:
    return read_olist(OLIST)


def instant(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return (moment if moment.tzinfo else moment.replace(tzinfo=SAO_PAULO)).astimezone(UTC)


def rows_written() -> list[int]:
    return [model.objects.count() for model in (Enrollment, Refusal, CareTask, Incident, Event)]


@pytest.mark.parametrize("at", MOMENTS)
def test_a_dry_run_finds_who_is_due(olist: Any, oracle: Shop, tmp_path: Path, at: str) -> None:
    before = rows_written()
    printed, rows = pass_at(at, tmp_path, "--dry-run")

    assert_equals_oracle(rows, oracle, instant(at))
    assert_adds_up(printed, rows)
    assert {campaign["play"] for campaign in printed["campaigns"]} == {
        "welcome",
        "vip_recognition",
        "feedback_reply",
        "apology",
    }
    assert rows_written() == before


def test_passes_through_two_years_find_who_is_due_and_enrol_each_once(
    olist: Any, oracle: Shop, tmp_path: Path
) -> None:
    run_json("campaigns", "--on", "all", "--start", "2016-01-01", "--backfill", "all")
    for day in WORKED:
        at = f"{day}T12:00:00"
        printed, rows = pass_at(at, tmp_path)
        assert_equals_oracle(rows, oracle, instant(at))
        assert_adds_up(printed, rows)

        again, rows = pass_at(at, tmp_path)
        assert_equals_oracle(rows, oracle, instant(at))
        assert_adds_up(again, rows)
        assert [campaign["enrolled"] + campaign["holdout"] for campaign in again["campaigns"]] == [0, 0, 0, 0]
    assert Enrollment.objects.count() > 2000
    assert not Enrollment.objects.filter(arm="holdout", play__in=["apology", "feedback_reply"]).exists()


def test_only_the_first_order_of_a_customer_is_ever_welcomed(olist: Any, tmp_path: Path) -> None:
    run_json("campaigns", "--on", "welcome", "--start", "2016-01-01", "--backfill", "all")
    for day in range(1, 29, 3):
        pass_at(f"2017-08-{day:02}T12:00:00", tmp_path)
    welcomed = Enrollment.objects.filter(play="welcome")

    assert welcomed.count() == welcomed.values("customer").distinct().count() > 500
