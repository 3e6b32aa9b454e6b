"""`manage.py shift_report`: the proactive share by week, month, team or play."""

import json
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.accounts.models import Shop
from apps.effort.report import BadPeriod, By, Report, as_dict, shift_report

HEADS = ["proactive", "reactive", "internal", "not measured", "share", "target"]


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day: write it as 2018-03-01") from None


class Command(BaseCommand):
    help = "Care time by origin, what was not measured, the proactive share and the plan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", type=day, required=True, metavar="DAY")
        parser.add_argument("--to", dest="last", type=day, required=True, metavar="DAY", help="Included")
        parser.add_argument("--by", choices=[by.value for by in By], default=By.WEEK.value)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        by = By(options["by"])
        try:
            report = shift_report(
                Shop.current(), first=options["first"], last=options["last"], by=by, now=timezone.now()
            )
        except BadPeriod as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            self.stdout.write(json.dumps([as_dict(row, by) for row in report.rows]))
            return
        for line in table(report):
            self.stdout.write(line)


def table(report: Report) -> list[str]:
    """The rows as aligned text, hours with one decimal."""
    names = [row.name or "(none)" for row in report.rows]
    width = max([len(name) for name in [*names, report.by.value]])
    lines = [report.by.value.ljust(width) + "".join(head.rjust(14) for head in HEADS)]
    for name, row in zip(names, report.rows, strict=True):
        cells = [
            _hours(row.time.proactive),
            _hours(row.time.reactive),
            _hours(row.time.internal),
            _hours(row.unmeasured),
            _percent(row.time.share),
            _percent(row.target),
        ]
        lines.append(name.ljust(width) + "".join(cell.rjust(14) for cell in cells))
    return lines


def _hours(seconds: int | None) -> str:
    return "-" if seconds is None else f"{seconds / 3600:.1f} h"


def _percent(fraction: Any) -> str:
    return "-" if fraction is None else f"{float(fraction) * 100:.1f} %"
