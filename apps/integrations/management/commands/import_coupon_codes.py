"""`manage.py import_coupon_codes`: codes of the shop's own system, to be given away."""

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.core.csv_reader import UnusableFile, parse_maps, unused_words
from apps.integrations.coupon_import import Defaults, import_coupon_codes


class Command(BaseCommand):
    help = (
        "Add coupon codes of the shop's own system to the pool, from a CSV or CSV.gz file: code and, if it "
        "has them, amount, currency, expires_on. An apology takes a free code of exactly its amount before "
        "one of ours. Running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--amount", default="", help="what each is worth, where the file does not say")
        parser.add_argument("--currency", default="", help="of the amounts (by default the shop's)")
        parser.add_argument("--expires", default="", metavar="DAY", help="their last day, such as 2026-12-31")
        parser.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            maps, defaults = parse_maps(options["map"]), _defaults(options)
            report = import_coupon_codes(options["file"], maps, defaults, now=timezone.now())
        except UnusableFile as fault:
            raise CommandError(str(fault)) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict()))
            return
        self.stdout.write(
            f"{report.read:,} read: {report.created:,} new, {report.unchanged:,} known already, "
            f"{report.rejected:,} rejected"
        )
        if report.unused:
            self.stdout.write(unused_words({"coupon codes": report.unused}))
        if report.rejects_file:
            self.stdout.write(f"Rejected rows, with line and reason: {report.rejects_file}")


def _defaults(options: dict[str, Any]) -> Defaults:
    try:
        amount = Decimal(options["amount"]).quantize(Decimal("0.01")) if options["amount"] else None
    except InvalidOperation:
        raise UnusableFile(f'--amount is a sum such as 10.00, not "{options["amount"]}".') from None
    try:
        expires = date.fromisoformat(options["expires"]) if options["expires"] else None
    except ValueError:
        raise UnusableFile(f'--expires is a day such as 2026-12-31, not "{options["expires"]}".') from None
    return Defaults(amount, options["currency"].strip().upper(), expires)
