"""What the commands that check a draft share: where it is read from, how it is answered, how it ends.

Exit codes: 0 nothing to do, 1 something to do, 2 what was given cannot be read. With --jsonl, 0 where
every line could be read, whatever was found in it, else 2 once the others are answered. A reader that
closes the output (`| head`) changes nothing of it; an output that cannot be written is 2.
"""

import json
import os
import sys
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.language import Finding
from apps.language.rules import RuleError

from ..checking import plain

STDIN = "-"
SOMETHING_TO_DO, UNREADABLE = 1, 2
PLACES = (
    'In JSON, "start" and "end" count code points of the text as it was read, from 0, "end" not included; '
    "a line end counts as one, also one that is written as two."
)
CANNOT_WRITE = "The answer cannot be written: {why}."


class BadLine(ValueError):
    """A line that cannot be used. The message says what is wrong with it."""


class DraftCommand(BaseCommand):
    """Reads one draft, or a line of JSON for each, and answers for people or for programs."""

    requires_system_checks = []
    fields = '"id", "text"'  # of a line of --jsonl

    def add_arguments(self, parser: CommandParser) -> None:
        parser.epilog = PLACES
        parser.add_argument("file", nargs="?", default=STDIN, metavar="FILE", help="- or none: from stdin")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="Answer with one object of JSON")
        form.add_argument(
            "--jsonl",
            action="store_true",
            help=f"Read an object of JSON a line ({self.fields}) and answer each with a line, in order",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        text = plain(_read(options["file"]))
        try:
            is_clean = self._each_line(text, options) if options["jsonl"] else self._once(text, options)
        except (BadLine, RuleError) as problem:
            raise CommandError(str(problem), returncode=UNREADABLE) from problem
        if not is_clean:
            sys.exit(SOMETHING_TO_DO)

    def _once(self, text: str, options: Mapping[str, Any]) -> bool:
        if options["json"]:
            answer, is_clean = self.answer(text, options)
            self._say([json.dumps(answer)])
        else:
            name = "stdin" if options["file"] == STDIN else options["file"]
            lines, is_clean = self.told(text, name, options)
            self._say(lines)
        return is_clean

    def _say(self, lines: Iterable[str]) -> bool:
        """Whether somebody still reads the output."""
        if getattr(self.stdout, "_out", None) is None:  # closed before we began
            return False
        try:
            for line in lines:
                self.stdout.write(line)
            self.stdout.flush()
        except OSError as error:
            self._leave_output()
            if isinstance(error, BrokenPipeError):
                return False
            raise CommandError(CANNOT_WRITE.format(why=error.strerror), returncode=UNREADABLE) from error
        return True

    def _leave_output(self) -> None:
        """What is left in its buffer would fail once more when Python ends."""
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stdout.fileno())

    @abstractmethod
    def answer(self, text: str, options: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """The answer as JSON, and whether there is nothing to do. Raises BadLine."""

    @abstractmethod
    def told(self, text: str, name: str, options: Mapping[str, Any]) -> tuple[list[str], bool]:
        """The answer for people, line by line, and whether there is nothing to do."""

    def _each_line(self, text: str, options: Mapping[str, Any]) -> bool:
        bad = 0
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                row = _row(line)
                answer, _ = self.answer(plain(row["text"]), {**options, **_told_by(row, options)})
            except BadLine as problem:
                bad += 1
                self.stderr.write(f"line {number}: {problem}")
                continue
            if not self._say([json.dumps({"id": row["id"], **answer})]):
                break
        if bad:
            lines = "1 line" if bad == 1 else f"{bad} lines"
            raise CommandError(f"{lines} could not be read; the others are answered.", returncode=UNREADABLE)
        return True


def findings_as_json(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [
        {
            "start": one.start,
            "end": one.end,
            "category": one.category,
            "severity": one.severity,
            "message": one.message,
            "rewrites": list(one.rewrites),
            "rule": one.rule,
        }
        for one in findings
    ]


def told_findings(findings: tuple[Finding, ...], text: str, name: str) -> Iterator[str]:
    """As a compiler tells them: place, what, why and rule; the line with the words marked; better words."""
    for one in findings:
        message = f"{one.severity}: {one.category}: {one.message} [{one.rule}]"
        yield from pointed(message, text, name, start=one.start, end=one.end)
        yield from (f"    instead: {rewrite}" for rewrite in one.rewrites)


def pointed(message: str, text: str, name: str, *, start: int, end: int) -> Iterator[str]:
    opens = text.rfind("\n", 0, start) + 1
    line = text[opens:].split("\n", 1)[0]
    first = start - opens
    width = max(min(end, opens + len(line)) - start, 1)
    yield f"{name}:{text.count(chr(10), 0, start) + 1}:{first + 1}: {message}"
    yield f"    {line}"
    yield f"    {' ' * first}{'^' * width}"


def _read(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}", returncode=UNREADABLE) from error
    except UnicodeDecodeError as error:
        raise CommandError(
            f"{file}: byte {error.start + 1} is not UTF-8. Save it as UTF-8.", returncode=UNREADABLE
        ) from error


def _row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line, parse_constant=_no_number, parse_float=_number)
    except ValueError as error:
        raise BadLine(f"not JSON: {error}") from error
    except RecursionError as error:
        raise BadLine("not JSON that can be read: it is nested too deeply") from error
    if not isinstance(row, dict):
        raise BadLine('an object is needed, such as {"id": "1", "text": "Dear Ada, ..."}')
    if "id" not in row:
        raise BadLine('"id" is missing')
    if not isinstance(row.get("text"), str):
        raise BadLine('"text" must be a text')
    return row


def _number(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _no_number(digits)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number that JSON can tell")


def _told_by(row: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, str]:
    """What the line says about the draft: it goes before what the command was told."""
    told = {}
    for key in ("severity", "channel", "play"):
        if key in options and row.get(key) is not None:
            if not isinstance(row[key], str):
                raise BadLine(f'"{key}" must be a text')
            told[key] = row[key]
    return told
