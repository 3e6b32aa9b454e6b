"""`manage.py import_redemptions`: the shop's list of used coupons."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.apologies.services import Result
from apps.core.csv_reader import UnusableFile, parse_maps, unused_words
from apps.integrations.redemption_import import WHY, RedemptionsReport, import_redemptions


class Command(BaseCommand):
    help = (
        "Record the coupons that customers used, from a CSV or CSV.gz file: code, order, redeemed_at. "
        "Running it again changes nothing. Rows that are not taken go to a rejects file with line and reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_redemptions(options["file"], parse_maps(options["map"]), now=timezone.now())
        except UnusableFile as fault:
            raise CommandError(str(fault)) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict()))
        else:
            self._print(report)

    def _print(self, report: RedemptionsReport) -> None:
        new, known = report.results[Result.ACCEPTED], report.results[Result.ALREADY]
        self.stdout.write(f"{new:,} new, {known:,} known already, {report.rejected:,} that cannot be read")
        for result, why in WHY.items():
            if report.results[result]:
                self.stdout.write(f"  {report.results[result]:,} {why}")
        if report.unused:
            self.stdout.write(unused_words({"redemptions": report.unused}))
        if report.rejects_file:
            self.stdout.write(f"Rows that were not taken, with line and reason: {report.rejects_file}")
