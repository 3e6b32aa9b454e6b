"""`manage.py import_contacts`: idempotent, forgiving of names, strict about rows."""

import csv
import gzip
import json
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Shop, User
from apps.effort.models import AgentName, TimeEntry
from apps.effort.report import By, shift_report
from apps.effort.services import match_agent, part_agent
from tests.factories import NOW, make_user

HEAD = "agent,started,seconds,channel,topic\n"
ROWS = (
    "Ana Duarte,2026-03-02 09:15:00,372,phone,Where is my parcel\n"
    "ana duarte,2026-03-02T10:00:00+01:00,60,E-Mail,\n"
    "Desk Bot,2026-03-02 23:30:00,120,chat,Returns\n"
)


def run(path: Path, *more: str) -> dict:
    out = StringIO()
    call_command("import_contacts", str(path), "--json", *more, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def file(tmp_path: Path, settings: object) -> Path:
    settings.DATA_FOLDER = tmp_path
    path = tmp_path / "contacts.csv"
    path.write_text(HEAD + ROWS)
    return path


def test_contacts_become_reactive_time_of_their_agents(file: Path, rep: User) -> None:
    assert run(file)["contacts"] == {
        "read": 3,
        "created": 3,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
        "unmatched": 1,
    }
    first, second, unmatched = TimeEntry.objects.order_by("started_at")
    assert first.started_at == datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    assert (first.user, first.team, first.origin, first.seconds) == (rep, rep.team, "reactive", 372)
    assert (first.channel, first.topic, first.source) == ("phone", "Where is my parcel", "import")
    assert (second.user, second.channel) == (rep, "mail")
    assert (unmatched.user, unmatched.team, unmatched.agent) == (None, None, "Desk Bot")
    assert unmatched.day == date(2026, 3, 2)


def test_second_run_changes_nothing_and_says_so(file: Path, rep: User) -> None:
    run(file)
    report = run(file)
    assert report["contacts"]["unchanged"] == 3
    assert report["contacts"]["created"] == report["contacts"]["updated"] == 0
    out = StringIO()
    call_command("import_contacts", str(file), stdout=out)
    assert "Nothing changed" in out.getvalue()


def test_changed_length_updates_the_entry(file: Path, rep: User) -> None:
    run(file)
    file.write_text(HEAD + ROWS.replace(",372,", ",400,"))
    report = run(file)
    assert (report["contacts"]["updated"], report["contacts"]["unchanged"]) == (1, 2)
    assert TimeEntry.objects.filter(seconds=400).exists()


@pytest.mark.parametrize(
    ("head", "cell", "seconds"),
    [
        ("seconds", "90", 90),
        ("Handle Time (seconds)", "90.4", 90),
        ("minutes", "1.5", 90),
        ("duration", "0:01:30", 90),
        ("duration", "1:30", 90),
        ("Handle time", "1h 2m", 3720),
        ("duration", "PT1M30S", 90),
        ("duration", "2 min", 120),
    ],
)
def test_length_is_read_as_help_desks_write_it(
    file: Path, shop: Shop, head: str, cell: str, seconds: int
) -> None:
    file.write_text(f"Agent name;Start time;{head}\nTom;02.03.2026 09:00;{cell}\n")
    assert run(file)["contacts"]["created"] == 1
    assert TimeEntry.objects.get().seconds == seconds


def test_any_other_column_name_is_mapped(file: Path, shop: Shop) -> None:
    file.write_text("Bearbeiter,Beginn,Dauer\nTom,2026-03-02 09:00,6\n")
    report = run(file, "--map", "agent=Bearbeiter", "--map", "started=Beginn", "--map", "minutes=Dauer")
    assert report["contacts"]["created"] == 1
    assert TimeEntry.objects.get().seconds == 360


def test_gzip_with_a_byte_order_mark_is_read(tmp_path: Path, file: Path, rep: User) -> None:
    path = tmp_path / "contacts.csv.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + (HEAD + ROWS).encode()))
    assert run(path)["contacts"]["created"] == 3


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",2026-03-02 09:00,60,phone,", "agent is blank"),
        ("Tom,2026-02-30 09:00,60,phone,", "started is not a date"),
        ("Tom,,60,phone,", "started is blank"),
        ("Tom,2999-01-01 09:00,60,phone,", "started is in the future"),
        ("Tom,2026-03-02 09:00,-5,phone,", "seconds is not a number of zero or more"),
        ("Tom,2026-03-02 09:00,soon,phone,", "seconds is not a number"),
        ("Tom,2026-03-02 09:00,86401,phone,", "seconds is longer than a day"),
        ("Tom,2026-03-02 09:00,,phone,", "says nowhere how long it took"),
        ("Tom,2026-03-02 09:00", "has another number of cells than the header"),
    ],
)
def test_row_that_cannot_be_used_is_rejected_with_line_and_reason(
    file: Path, rep: User, row: str, reason: str
) -> None:
    file.write_text(f"{HEAD}{row}\n{ROWS}")
    report = run(file)
    assert (report["contacts"]["rejected"], report["contacts"]["created"]) == (1, 3)
    with Path(report["rejects_file"]).open(encoding="utf-8", newline="") as rejects:
        (rejected,) = csv.DictReader(rejects)
    assert rejected["line"] == "2"
    assert rejected["reason"].startswith(reason)


def test_same_contact_twice_in_a_file_counts_once(file: Path, rep: User) -> None:
    file.write_text(HEAD + ROWS + ROWS)
    counts = run(file)["contacts"]
    assert (counts["read"], counts["created"], counts["unchanged"]) == (6, 3, 3)


def test_second_row_of_a_contact_with_other_values_names_the_first_line(file: Path, rep: User) -> None:
    file.write_text(HEAD + ROWS + ROWS.splitlines()[0].replace("372", "5") + "\n")
    report = run(file)
    assert report["contacts"]["rejected"] == 1
    assert "line 2" in Path(report["rejects_file"]).read_text()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("agent,when\nTom,now\n", "has no column for started"),
        ("agent,started\nTom,2026-03-02\n", "has no column for how long a contact took"),
    ],
)
def test_file_that_cannot_be_used_changes_nothing(file: Path, shop: Shop, content: str, message: str) -> None:
    file.write_text(content)
    with pytest.raises(CommandError, match=message):
        run(file)
    assert not TimeEntry.objects.exists()


def test_missing_file_is_said_plainly(tmp_path: Path, shop: Shop) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        run(tmp_path / "nowhere.csv")


def test_wrong_encoding_changes_nothing(file: Path, shop: Shop) -> None:
    file.write_bytes((HEAD + "Jos\xe9,2026-03-02 09:00,60,phone,\n").encode("latin-1"))
    with pytest.raises(CommandError, match="UTF-8"):
        run(file)


def test_demo_shop_refuses_real_contacts(file: Path, shop: Shop) -> None:
    Shop.objects.update(demo_seed=1)
    with pytest.raises(CommandError, match="demo --remove"):
        run(file)


def test_unmatched_time_counts_for_the_shop_and_no_team(file: Path, rep: User) -> None:
    run(file)
    report = shift_report(Shop.current(), first=date(2026, 3, 2), last=date(2026, 3, 2), by=By.TEAM, now=NOW)
    assert report.total.time.reactive == 372 + 60 + 120
    assert {row.name: row.time.reactive for row in report.rows} == {"Care": 432, "no team": 120}


def test_matching_an_agent_moves_their_time_and_later_imports(
    file: Path, rep: User, other_rep: User, manager: User
) -> None:
    run(file)
    assert match_agent("Desk Bot", other_rep, by=manager, now=NOW) == 1
    entry = TimeEntry.objects.get(agent="Desk Bot")
    assert (entry.user, entry.team) == (other_rep, other_rep.team)
    file.write_text(HEAD + ROWS + "DESK  BOT,2026-03-03 09:00:00,30,chat,\n")
    counts = run(file)["contacts"]
    assert (counts["created"], counts["unchanged"], counts["unmatched"]) == (1, 3, 0)
    assert TimeEntry.objects.filter(user=other_rep).count() == 2


def test_a_match_can_be_taken_back(file: Path, rep: User, other_rep: User, manager: User) -> None:
    run(file)
    match_agent("Desk Bot", other_rep, by=manager, now=NOW)
    assert part_agent(AgentName.objects.get(), by=manager, now=NOW) == 1
    assert list(TimeEntry.objects.unmatched().values_list("agent", "team")) == [("Desk Bot", None)]


def test_person_added_later_gets_their_time_by_the_next_import(file: Path, rep: User) -> None:
    run(file)
    bot = make_user(name="Desk Bot")
    counts = run(file)["contacts"]
    assert (counts["updated"], counts["unchanged"], counts["unmatched"]) == (1, 2, 0)
    assert TimeEntry.objects.get(agent="Desk Bot").user == bot


def test_a_name_that_two_people_have_is_nobodys(file: Path, rep: User) -> None:
    make_user(name="Ana Duarte")
    assert run(file)["contacts"]["unmatched"] == 3


def test_import_that_was_killed_midway_goes_on(
    file: Path, rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.integrations.contacts.CHUNK", 1)
    lines = ROWS.splitlines(keepends=True)
    file.write_text(HEAD + lines[0])
    run(file)
    file.write_text(HEAD + ROWS)
    counts = run(file)["contacts"]
    assert (counts["created"], counts["unchanged"]) == (2, 1)
