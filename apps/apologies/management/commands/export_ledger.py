"""`manage.py export_ledger > ledger.csv`: the ledger for finance."""

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.accounts.models import Shop
from apps.apologies.finance import COLUMNS, ledger_rows
from apps.core.csv_export import csv_lines


class Command(BaseCommand):
    help = "Print every movement of the ledger as CSV, the oldest first. Days are the shop's."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="since", type=_day, metavar="DAY", help="such as 2026-03-01")
        parser.add_argument("--to", dest="until", type=_day, metavar="DAY", help="that day included")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = ledger_rows(zone=Shop.current().zone, since=options["since"], until=options["until"])
        for line in csv_lines(COLUMNS, rows):
            self.stdout.write(line, ending="")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f'not a day such as 2026-03-01: "{text}"') from None
