"""`manage.py check_letter`: what a letter of apology shows, lacks and must lose. Exit codes: see `drafts`."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from apps.language import LetterReport, read_letter
from apps.language.letters import CHANNELS, SEVERITIES
from apps.language.rules import RuleError

from ..drafts import BadLine, DraftCommand, findings_as_json, pointed, told_findings

SEVERITY_NEEDED = f"say how bad it was: {', '.join(SEVERITIES)}"


class Command(DraftCommand):
    help = (
        "Tells which parts of an apology a letter shows, which are missing for how bad it was, and what "
        "must go. Exit codes: 0 nothing to do, 1 something to do, 2 it cannot be read; with --jsonl 0 or 2."
    )
    fields = '"id", "text", "severity", and if known "channel"'

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--severity", choices=SEVERITIES, help="How bad it was; with --jsonl, in each line"
        )
        parser.add_argument(
            "--channel", choices=CHANNELS, default="email", help="email, where nothing is said"
        )

    def answer(self, text: str, options: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        report = _report(text, options)
        answer = {
            "components": report.components,
            "missing": list(report.missing),
            "must_go": list(report.must_go),
            "score": report.score,
            "findings": findings_as_json(report.findings),
        }
        return answer, report.is_whole

    def told(self, text: str, name: str, options: Mapping[str, Any]) -> tuple[list[str], bool]:
        report = _report(text, options)
        return list(_told(report, text, name)), report.is_whole


def _report(text: str, options: Mapping[str, Any]) -> LetterReport:
    if not options["severity"]:
        raise BadLine(SEVERITY_NEEDED)
    try:
        return read_letter(
            text,
            severity=options["severity"],
            channel=options["channel"],
            folders=settings.LANGUAGE_FOLDERS,
        )
    except RuleError:
        raise
    except ValueError as error:
        raise BadLine(str(error)) from error


def _told(report: LetterReport, text: str, name: str) -> Iterator[str]:
    for gap in report.gaps:
        instead = f" (or {', '.join(gap.instead)})" if gap.instead else ""
        yield f"{name}: missing: {gap.name}{instead}: {gap.todo}"
    for fault in report.faults:
        yield from pointed(
            f"must go: {fault.what}: {fault.message}", text, name, start=fault.start, end=fault.end
        )
    yield from told_findings(report.findings, text, name)
    shown = [one for one, is_shown in report.components.items() if is_shown and one not in report.must_go]
    yield f"{name}: shows {', '.join(shown) or 'nothing of an apology'}"
    yield (
        f"{name}: score {report.score} of 100, {len(report.gaps)} missing, {len(report.faults)} must go, "
        f"{len(report.findings)} findings"
    )
