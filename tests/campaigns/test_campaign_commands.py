import csv
import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.campaigns.models import Campaign, Enrollment
from tests.factories import NOW, make_customer, make_order

KEYS = [
    "play",
    "campaign",
    "candidates",
    "held_back",
    "holdout",
    "enrolled",
    "tasks_opened",
    "withdrawn",
    "seconds",
]


def told(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def report(*arguments: str) -> dict[str, Any]:
    return dict(json.loads(told(*arguments, "--json")))


def test_json_has_the_promised_keys_and_adds_up() -> None:
    make_order(make_customer())
    dry = report("run_campaigns", "--at", NOW.isoformat(), "--dry-run")
    assert list(dry) == ["at", "campaigns"]
    assert len(dry["campaigns"]) == 4
    for each in dry["campaigns"]:
        assert list(each) == KEYS
        assert each["candidates"] == sum(each["held_back"].values()) + each["holdout"] + each["enrolled"]
    assert not Enrollment.objects.exists()


def test_switching_on_by_command_and_running_enrols_once() -> None:
    make_order(make_customer())
    told("campaigns", "--on", "welcome", "--start", "2026-01-01", "--backfill", "none")
    assert Campaign.objects.get(play="welcome").starts_at == datetime(2026, 1, 1, 3, tzinfo=UTC)
    first = report("run_campaigns", "--at", "2026-03-04T07:00")["campaigns"]
    again = report("run_campaigns", "--at", "2026-03-04T07:00")["campaigns"]
    assert [(each["play"], each["enrolled"]) for each in first] == [("welcome", 1)]
    assert [(each["held_back"], each["enrolled"]) for each in again] == [({"already_enrolled": 1}, 0)]


def test_list_writes_a_row_per_candidate(tmp_path: Path) -> None:
    make_order(make_customer(external_id="c1"), external_id="o1")
    told("run_campaigns", "--at", NOW.isoformat(), "--dry-run", "--list", str(tmp_path / "list.csv"))
    rows = list(csv.DictReader(StringIO((tmp_path / "list.csv").read_text())))
    assert {
        "play": "welcome",
        "customer": "c1",
        "occasion": "order:o1",
        "kind": "",
        "outcome": "enrolled",
    } in rows
    assert len(rows) == 2  # and they are the top spender


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run_campaigns", "--at", "noon"], "noon is not a moment"),
        (["run_campaigns", "--dry-run", "--list", "/nowhere/list.csv"], "cannot be written"),
        (["campaigns", "--on", "hello"], "There is no play hello"),
        (["campaigns", "--on", "all", "--backfill", "some"], "--backfill is none, all, or a number of days"),
        (["campaigns", "--start", "2026-01-01"], "go with --on"),
    ],
)
def test_bad_input_is_told_plainly(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        told(*arguments)
    assert not Campaign.objects.filter(is_on=True).exists()


def test_backfill_in_days_and_off() -> None:
    told("campaigns", "--on", "all", "--backfill", "30")
    listed = report("campaigns")["campaigns"]
    assert {(each["on"], each["backfill"]) for each in listed} == {(True, 30)}
    told("campaigns", "--off", "all")
    assert not Campaign.objects.filter(is_on=True).exists()


def test_nothing_on_says_what_to_do() -> None:
    assert "campaigns --on all" in told("run_campaigns")
