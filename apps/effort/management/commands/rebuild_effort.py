"""`manage.py rebuild_effort`: prove the daily sums, or make them anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.effort.rollup import check_rollup, rebuild_rollup


class Command(BaseCommand):
    help = "Compare the daily sums of care time with the raw entries; --fix makes them anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="Make the daily sums anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["fix"]:
            rebuild_rollup()
        found = check_rollup()
        if found.differing:
            raise CommandError(
                f"{found.differing} of {found.rows} daily sums differ from the entries. "
                "Run rebuild_effort --fix."
            )
        self.stdout.write(f"{found.rows} daily sums, all equal to the entries.")
