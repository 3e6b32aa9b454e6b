import csv
import json
from argparse import ArgumentParser
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.campaigns.due import running
from apps.campaigns.engine import LISTED, Listing, PassReport, run_pass
from apps.campaigns.moments import moment_in_shop


class Command(BaseCommand):
    help = "One pass of the engine over the campaigns that are on: find who is due, enrol, plan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at",
            metavar="ISO",
            help="the moment to run for, in the shop's zone unless it says; default: now",
        )
        parser.add_argument("--dry-run", action="store_true", help="report every campaign and write nothing")
        parser.add_argument("--list", metavar="FILE.csv", help="write one row per candidate")
        parser.add_argument("--json", action="store_true", help="report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        at = moment_in_shop(options["at"]) if options["at"] else now
        dry_run = options["dry_run"]
        plays = None if options["at"] or dry_run else running(now)
        with ExitStack() as stack:
            listing = _listing(options["list"], stack)
            report = run_pass(at=at, dry_run=dry_run, plays=plays, listing=listing)
        self.stdout.write(
            json.dumps(report.as_json(), indent=2) if options["json"] else _told(report, dry_run)
        )


def _listing(path: str | None, stack: ExitStack) -> Listing | None:
    if path is None:
        return None
    try:
        file = stack.enter_context(Path(path).open("w", newline="", encoding="utf-8"))  # noqa: SIM115 - closed by the stack
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}. Name another file.") from error
    writer = csv.writer(file)
    writer.writerow(LISTED)
    return writer.writerows


def _told(report: PassReport, dry_run: bool) -> str:
    if not report.campaigns:
        return "No campaign is on. `manage.py campaigns --on all` switches them on."
    lines = [f"At {_minute(report.at)}" + (", nothing written" if dry_run else "")]
    for one in report.campaigns:
        held = ", ".join(f"{reason} {n:,}" for reason, n in one.held_back.items()) or "none"
        lines.append(
            f"{one.campaign}: {one.candidates:,} candidates, held back: {held}; holdout {one.holdout:,}, "
            f"enrolled {one.enrolled:,}, tasks opened {one.tasks_opened:,}, withdrawn {one.withdrawn:,} "
            f"({one.seconds} s)"
        )
    return "\n".join(lines)


def _minute(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
