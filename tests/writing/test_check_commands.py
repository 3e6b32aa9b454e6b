"""`manage.py check_language` and `check_letter`: for people, for programs, and their exit codes."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, execute_from_command_line

HARSH = "Dear Ada,\nI am trying to help you.\n"
KIND = "Dear Ada, I am sorry. We lost your parcel. A new one is with you on Friday."


def run(*arguments: str) -> tuple[str, str, int]:
    """What it says, what it says of errors, and its exit code."""
    code = 0
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        code = int(ended.code or 0)
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    return out.getvalue(), err.getvalue(), code


@pytest.fixture
def file(tmp_path: Path):
    def written(text: str | bytes) -> str:
        path = tmp_path / "draft.txt"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    return written


def test_findings_are_told_with_line_place_and_better_words(file) -> None:
    path = file(HARSH)
    out, _, code = run("check_language", path)
    first, line, marks, instead = out.splitlines()[:4]
    assert first.startswith(f"{path}:2:1: stop: effort: ")
    assert re.search(r" \[effort\.\w+\]$", first)
    assert line == "    I am trying to help you."
    assert marks.startswith("    ^^^^^^^^^^^")
    assert instead.startswith("    instead: ")
    assert out.splitlines()[-1] == f"{path}: 1 finding"
    assert code == 1


def test_a_kind_draft_ends_with_nothing(file) -> None:
    out, _, code = run("check_language", file(KIND))
    assert (out.splitlines()[-1].endswith("0 findings"), code) == (True, 0)


def test_a_draft_is_read_from_stdin(monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(HARSH.encode())))
    out, _, code = run("check_language", "-")
    assert out.startswith("stdin:2:1: stop: effort")
    assert code == 1


def test_one_draft_answers_as_json(file) -> None:
    out, _, code = run("check_language", file(HARSH), "--json")
    (finding,) = json.loads(out)["findings"]
    assert list(finding) == ["start", "end", "category", "severity", "message", "rewrites", "rule"]
    assert finding["rule"].startswith("effort.")
    assert HARSH[finding["start"] : finding["end"]].startswith("I am trying to help")
    assert code == 1


def test_each_line_is_answered_in_order(file) -> None:
    rows = [{"id": f"m{number}", "text": text} for number, text in enumerate([HARSH, KIND, HARSH])]
    out, err, code = run("check_language", file("\n".join(map(json.dumps, rows))), "--jsonl")
    answers = [json.loads(line) for line in out.splitlines()]
    assert [answer["id"] for answer in answers] == ["m0", "m1", "m2"]
    assert [len(answer["findings"]) for answer in answers] == [1, 0, 1]
    assert (err, code) == ("", 0)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("form", ["--json", "--jsonl"])
def test_places_are_code_points_and_a_line_end_is_one(file, form, end) -> None:
    text = f"Dear Ada 😀,{end}{end}I am trying to help you."
    path = file(text if form == "--json" else json.dumps({"id": 1, "text": text}))
    out, _, _ = run("check_language", path, form)
    (finding,) = json.loads(out)["findings"]
    assert finding["start"] == 13


@pytest.mark.parametrize("command", ["check_language", "check_letter"])
def test_the_help_says_what_a_place_counts(capsys, command) -> None:
    run(command, "--help")
    assert "count code points of the text" in " ".join(capsys.readouterr().out.split())


def test_a_line_says_where_it_stands(file) -> None:
    praise = "Ana is one of our most experienced agents."
    rows = [{"id": 1, "text": praise, "play": "apology"}, {"id": 2, "text": praise, "play": "welcome"}]
    out, _, _ = run("check_language", file("\n".join(map(json.dumps, rows))), "--jsonl")
    assert [bool(json.loads(line)["findings"]) for line in out.splitlines()] == [True, False]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nope", "not JSON"),
        ("[1]", "an object is needed"),
        ('{"text": "x"}', '"id" is missing'),
        ('{"id": 1}', '"text" must be a text'),
        ('{"id": 1, "text": 4}', '"text" must be a text'),
        ('{"id": 1, "text": "x", "channel": 4}', '"channel" must be a text'),
        ('{"id": 1, "text": "x", "channel": "pigeon"}', "channel is one of email, chat, sms, social, letter"),
        ('{"id": 1, "text": "x", "play": "bogus"}', "play is one of apology, recovery, feedback, welcome"),
        ('{"id": NaN, "text": "x"}', "not JSON: NaN is no number"),
        ('{"id": [-Infinity], "text": "x"}', "not JSON: -Infinity is no number"),
        ('{"id": 1e999, "text": "x"}', "not JSON: 1e999 is no number"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_the_others_are_answered(file, line, told) -> None:
    good = '{"id": 9, "text": "Thank you, Ada."}'
    out, err, code = run("check_language", file(f"{good}\n\n{line}\n{good}\n"), "--jsonl")
    assert [json.loads(one)["id"] for one in out.splitlines()] == [9, 9]
    assert f"line 3: {told}" in err
    assert "1 line could not be read" in err
    assert code == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--channel", "pigeon"], "argument --channel: invalid choice: 'pigeon'"),
        (["--play", "bogus"], "argument --play: invalid choice: 'bogus'"),
        (["--json", "--jsonl"], "not allowed with argument --json"),
    ],
)
def test_what_is_not_known_is_refused(file, capfd, arguments, told) -> None:
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", "check_language", file(HARSH), *arguments])
    out, err = capfd.readouterr()
    assert (out, ended.value.code) == ("", 2)
    assert told in err


@pytest.mark.parametrize("play", ["apology", "recovery", "feedback", "welcome", "vip", "inquiry", ""])
def test_every_play_is_known(file, play) -> None:
    _, err, code = run("check_language", file(KIND), "--play", play, "--channel", "social")
    assert (err, code) == ("", 0)


COMMANDS = pytest.mark.parametrize("command", [["check_language"], ["check_letter", "--severity", "minor"]])


def started(*arguments: str, stdout: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        stdout=stdout,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
    )


@COMMANDS
@pytest.mark.parametrize(("form", "code"), [([], 1), (["--jsonl"], 0)])
def test_a_reader_that_leaves_ends_it_quietly(file, command, form, code) -> None:
    row = json.dumps({"id": 1, "text": HARSH})
    path = file(f"{row}\n" * 50 if form else HARSH)
    process = started(*command, path, *form, stdout=subprocess.PIPE)
    process.stdout.close()
    assert (process.stderr.read(), process.wait()) == ("", code)
    process.stderr.close()


@COMMANDS
@pytest.mark.parametrize("form", ["--json", "--jsonl"])
def test_an_output_that_is_full_is_told_in_one_line(file, command, form) -> None:
    with Path("/dev/full").open("w") as full:
        process = started(*command, file(json.dumps({"id": 1, "text": HARSH})), form, stdout=full)
    _, told = process.communicate()
    assert told.strip() == "CommandError: The answer cannot be written: No space left on device."
    assert process.returncode == 2


@pytest.mark.parametrize("command", ["check_language", "check_letter"])
@pytest.mark.parametrize(("content", "told"), [(None, "No such file"), (b"caf\xe9", "is not UTF-8")])
def test_what_cannot_be_read_is_told(file, tmp_path, command, content, told) -> None:
    path = file(content) if content else str(tmp_path / "none.txt")
    _, err, code = run(command, path)
    assert told in err
    assert code == 2


def test_a_letter_is_told_by_what_it_lacks_and_what_must_go(file) -> None:
    path = file("Dear Ada,\nWe are sorry if you were upset.\n")
    out, _, code = run("check_letter", path, "--severity", "minor")
    assert f"{path}: missing: apology (or admission): Say sorry once, plainly" in out
    assert f"{path}:2:1: must go: nonapology:" in out
    assert "score 0 of 100, 2 missing, 1 must go" in out
    assert code == 1


def test_a_whole_letter_ends_with_nothing(file) -> None:
    out, _, code = run("check_letter", file(KIND), "--severity", "minor")
    assert "shows apology, admission, remedy" in out
    assert code == 0


def test_a_letter_without_its_severity_is_refused(file) -> None:
    _, err, code = run("check_letter", file(KIND))
    assert "say how bad it was: minor, moderate, serious" in err
    assert code == 2


def test_each_letter_is_answered_with_its_components(file) -> None:
    rows = [
        {"id": "a", "text": KIND, "severity": "minor"},
        {"id": "b", "text": "We promise that it will never happen again.", "severity": "moderate"},
        {"id": "c", "text": KIND, "severity": "moderate", "channel": "chat"},
    ]
    out, _, code = run("check_letter", file("\n".join(map(json.dumps, rows))), "--jsonl")
    first, second, third = (json.loads(line) for line in out.splitlines())
    assert list(first) == ["id", "components", "missing", "must_go", "score", "findings"]
    assert len(first["components"]) == 13
    assert (first["missing"], first["score"]) == ([], 70)
    assert second["must_go"] == ["bare_promise"]
    assert third["missing"] == ["brevity"]
    assert code == 0


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "say how bad it was"),
        ({"severity": "grave"}, "severity is one of"),
        ({"severity": "minor", "channel": "fax"}, "channel is one of"),
    ],
)
def test_a_line_of_an_unknown_severity_or_channel_is_bad(file, more, told) -> None:
    row = json.dumps({"id": 1, "text": KIND, **more})
    out, err, code = run("check_letter", file(row), "--jsonl")
    assert out == ""
    assert f"line 1: {told}" in err
    assert code == 2


def test_a_severity_for_all_lines_may_be_told_once(file) -> None:
    row = json.dumps({"id": 1, "text": KIND, "severity": None, "channel": None})
    out, _, code = run("check_letter", file(row), "--jsonl", "--severity", "minor")
    assert json.loads(out)["missing"] == []
    assert code == 0


@pytest.fixture
def team_folder(tmp_path: Path, settings) -> Path:
    """A team's own signs, as CARECRM_LANGUAGE names them."""
    folder = tmp_path / "ours"
    (folder / "components").mkdir(parents=True)
    settings.LANGUAGE_FOLDERS = (folder,)
    return folder / "components" / "apology.toml"


def test_a_teams_own_signs_count(file, team_folder) -> None:
    team_folder.write_text(
        'component = "apology"\nabout = "a"\ntodo = "t"\nsource = "s"\npatterns = ["mae ddrwg gen i"]\n'
    )
    out, _, _ = run("check_letter", file("Mae ddrwg gen i, Ada."), "--severity", "minor", "--json")
    assert json.loads(out)["components"]["apology"] is True


@pytest.mark.parametrize("more", [[], ["--jsonl"]])
def test_a_mistake_in_a_teams_file_is_told(file, team_folder, more) -> None:
    team_folder.write_text('component = "apology"\n')
    row = json.dumps({"id": 1, "text": KIND})
    _, err, code = run("check_letter", file(row), "--severity", "minor", *more)
    assert "apology.toml" in err
    assert code == 2
