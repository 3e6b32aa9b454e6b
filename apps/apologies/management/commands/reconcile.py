"""`manage.py reconcile`: the proof that the ledger balances."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from apps.apologies.reconcile import Line, rebuilt, reconcile

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Prove that budgets, offers, compensations and the ledger agree, and that the event log tells the "
        "same: one line for each comparison, with what differs. Changes nothing. Ends with 1 if anything "
        "differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the lines as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            _one_moment()
            lines = [*reconcile(), rebuilt()]
        if options["json"]:
            self.stdout.write(json.dumps([line.as_dict() for line in lines]))
        else:
            for line in lines:
                self._print(line)
        if any(line.differences for line in lines):
            sys.exit(1)

    def _print(self, line: Line) -> None:
        state = f"{len(line.differences):,} DIFFER" if line.differences else "ok"
        self.stdout.write(f"{state:<10} {line.what} ({line.checked:,} checked)")
        for difference in line.differences[:SHOWN]:
            self.stdout.write(f"           {difference}")
        if len(line.differences) > SHOWN:
            self.stdout.write(f"           and {len(line.differences) - SHOWN:,} more: see --json")


def _one_moment() -> None:
    """All comparisons see the same moment, while others work. A transaction around it has its own."""
    if connection.vendor == "postgresql" and not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
