"""The candidates of a pass as its list tells them, in the words of the oracle."""

import csv
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from .conftest import run_json
from .oracle import Candidate, Shop

ENROLLED = {"enrolled", "holdout"}
PREFIX = {"welcome": "order", "feedback_reply": "feedback", "apology": "incident", "vip_recognition": "vip"}


def pass_at(at: str, folder: Path, *options: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """One pass at `at`: what it prints, and the rows of its list."""
    path = folder / "candidates.csv"
    printed = run_json("run_campaigns", "--at", at, "--list", str(path), *options)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return printed, list(csv.DictReader(file))


def told(rows: list[dict[str, str]], play: str) -> set[Candidate]:
    """The list's candidates of one play. A candidate that is listed twice fails here."""
    found = [candidate_of(row) for row in rows if row["play"] == play]
    twice = [candidate for candidate, count in Counter(found).items() if count > 1]
    assert twice == []
    return set(found)


def candidate_of(row: dict[str, str]) -> Candidate:
    prefix, _, about = row["occasion"].partition(":")
    assert prefix == PREFIX[row["play"]]
    kind = row["kind"] if row["play"] == "apology" else ""
    return Candidate(customer_of(row), tuple(about.split(":")), kind)


def customer_of(row: dict[str, str]) -> str:
    return row.get("customer") or row["customer_external_id"]


def assert_equals_oracle(rows: list[dict[str, str]], oracle: Shop, at: datetime) -> None:
    """Each play's candidates are those of the plain script: as sets, none twice."""
    differences = {
        "welcome": differ(told(rows, "welcome"), oracle.welcome(at)),
        "feedback_reply": differ(told(rows, "feedback_reply"), oracle.feedback_reply(at)),
        "apology": differ(told(rows, "apology"), oracle.apology(at)),
    }
    assert differences == {play: {"missing": set(), "too many": set()} for play in differences}, differences
    vips, top = told(rows, "vip_recognition"), oracle.vips(at)
    found = {vip.customer for vip in vips}
    assert top.allow(found), differ(found, set(top.sure | top.tied))
    assert {vip.about for vip in vips} <= {(oracle.quarter(at),)}


def differ(found: set[Any], due: set[Any]) -> dict[str, set[Any]]:
    return {"missing": due - found, "too many": found - due}


def assert_adds_up(printed: dict[str, Any], rows: list[dict[str, str]]) -> None:
    """What is printed of each campaign is consistent in itself and with the list."""
    for campaign in printed["campaigns"]:
        listed = [row["outcome"] for row in rows if row["play"] == campaign["play"]]
        held_back = sum(campaign["held_back"].values())
        assert campaign["candidates"] == held_back + campaign["holdout"] + campaign["enrolled"]
        assert campaign["candidates"] == len(listed)
        assert campaign["holdout"] == listed.count("holdout")
        assert campaign["enrolled"] == listed.count("enrolled")
        assert campaign["tasks_opened"] <= campaign["enrolled"]
        assert Counter(each for each in listed if each not in ENROLLED) == campaign["held_back"]
