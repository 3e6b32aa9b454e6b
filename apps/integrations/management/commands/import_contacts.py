"""`manage.py import_contacts`: the help desk's reactive time."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.core.csv_reader import UnusableFile, parse_maps, unused_words
from apps.integrations.contacts import ContactsReport, import_contacts

from .import_shop import ProgressBar


class Command(BaseCommand):
    help = (
        "Import reactive time from a help desk's CSV or CSV.gz file: agent, started, seconds (or minutes, or "
        "duration), channel, topic. Running it again changes nothing. Time of an agent whom nobody here is "
        "known to be is kept as unmatched. Rows that cannot be used go to a rejects file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help="say which column holds a field; may be given more than once",
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with ProgressBar() as bar:
                report = import_contacts(
                    options["file"],
                    parse_maps(options["map"]),
                    now=timezone.now(),
                    progress=lambda position, size, rows: bar.show("contacts", position, size, rows),
                )
        except UnusableFile as fault:
            raise CommandError(str(fault)) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict()))
            return
        self._print(report)

    def _print(self, report: ContactsReport) -> None:
        counts = report.counts
        self.stdout.write(
            f"{counts.read:,} read: {counts.created:,} new, {counts.updated:,} changed, "
            f"{counts.unchanged:,} unchanged, {counts.rejected:,} rejected"
        )
        for (_, reason), number in sorted(report.reasons.items(), key=lambda item: -item[1]):
            self.stdout.write(f"  {number:,} rejected: {reason}")
        if counts.unmatched:
            self.stdout.write(
                f"{counts.unmatched:,} are of agents whom nobody here is known to be. They count for the "
                "shop; a manager says whose they are on the shift board."
            )
        if report.unused:
            self.stdout.write(unused_words({"contacts": report.unused}))
        if report.rejects_file:
            self.stdout.write(f"Rejected rows, with line and reason: {report.rejects_file}")
        if not (counts.created or counts.updated):
            self.stdout.write("Nothing changed: all of it was known already.")
        self.stdout.write(f"{report.seconds:.1f} seconds.")
