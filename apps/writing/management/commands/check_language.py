"""`manage.py check_language`: the defensive words of a draft. Exit codes: see `drafts`."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from apps.language import Context, Finding, check

from ...forms import CHANNELS, PLAYS
from ..drafts import BadLine, DraftCommand, findings_as_json, told_findings


class Command(DraftCommand):
    help = (
        "Finds the words of a draft that defend us instead of helping the customer. "
        "Exit codes: 0 none, 1 some, 2 it cannot be read; with --jsonl 0 or 2."
    )
    fields = '"id", "text", and if known "channel", "play"'

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--channel", choices=CHANNELS, default="", metavar="CHANNEL", help=_any(CHANNELS))
        parser.add_argument("--play", choices=PLAYS, default="", metavar="PLAY", help=_any(PLAYS))

    def answer(self, text: str, options: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        findings = _findings(text, options)
        return {"findings": findings_as_json(findings)}, not findings

    def told(self, text: str, name: str, options: Mapping[str, Any]) -> tuple[list[str], bool]:
        findings = _findings(text, options)
        counted = f"{len(findings)} finding{'' if len(findings) == 1 else 's'}"
        return [*told_findings(findings, text, name), f"{name}: {counted}"], not findings


def _any(names: tuple[str, ...]) -> str:
    return ", ".join(filter(None, names))


def _findings(text: str, options: Mapping[str, Any]) -> tuple[Finding, ...]:
    for key, known in (("channel", CHANNELS), ("play", PLAYS)):
        if options[key] not in known:
            raise BadLine(f"{key} is one of {_any(known)}, not {options[key]!r}")
    context = Context(channel=options["channel"], play=options["play"])
    return tuple(check(text, context=context, folders=settings.LANGUAGE_FOLDERS))
