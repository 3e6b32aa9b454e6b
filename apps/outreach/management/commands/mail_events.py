"""`manage.py mail_events`: read what the provider told and no worker has read; or all of it again."""

from argparse import ArgumentParser
from datetime import UTC, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from apps.outreach.services.events import read_calls, replay_calls

NO_DATE = "{} is no date. Write it like 2026-03-01."


class Command(BaseCommand):
    help = "Read the provider's calls that wait; --replay reads stored ones again. Twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--replay", action="store_true", help="read calls again that were read")
        parser.add_argument("--since", metavar="DATE", help="with --replay: received on that day or later")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        since = _moment(options["since"]) if options["since"] else None
        read = replay_calls(since=since, now=now) if options["replay"] else read_calls(now=now)
        self.stdout.write(f"{read} calls read.")


def _moment(text: str) -> datetime:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(NO_DATE.format(text))
    return datetime.combine(day, time.min, tzinfo=UTC)
