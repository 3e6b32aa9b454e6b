import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from apps.core.csv_reader import UnusableFile, parse_maps, unused_words
from apps.integrations.recording import import_by_command
from apps.integrations.shop_import import KINDS, Report, ShopFiles


class Command(BaseCommand):
    help = (
        "Import customers, orders and feedback from CSV or CSV.gz files. Running it again with the same "
        "files changes nothing. Rows that cannot be used go to a rejects file with line and reason. "
        "The report is kept on the page Import, too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", required=True, help="a short name of where the files come from")
        parser.add_argument("--customers", metavar="FILE", type=Path)
        parser.add_argument("--orders", metavar="FILE", type=Path)
        parser.add_argument("--feedback", metavar="FILE", type=Path)
        parser.add_argument(
            "--time-zone", default="", help="the shop's, such as Europe/Berlin (first import)"
        )
        parser.add_argument("--currency", default="", help="the shop's, such as EUR (first import)")
        parser.add_argument("--country", default="", help="the shop's, such as DE (first import)")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help="say which column holds a field; may be given more than once",
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = {kind: options[kind] for kind in KINDS if options[kind]}
        try:
            files = ShopFiles(
                source=options["source"],
                paths=paths,
                maps=parse_maps(options["map"]),
                time_zone=options["time_zone"],
                currency=options["currency"],
                country=options["country"],
            )
            with ProgressBar() as bar:
                report = import_by_command(files, now=timezone.now(), progress=bar.show)
        except UnusableFile as fault:
            raise CommandError(str(fault)) from None
        self._print(report, as_json=options["json"])

    def _print(self, report: Report, *, as_json: bool) -> None:
        for note in report.notes:
            self.stderr.write(f"{note}.")
        if as_json:
            self.stdout.write(json.dumps(report.as_dict()))
            return
        for kind, counts in report.counts.items():
            if counts.read:
                self.stdout.write(
                    f"{kind:<10} {counts.read:>9,} read: {counts.created:,} new, {counts.updated:,} changed, "
                    f"{counts.unchanged:,} unchanged, {counts.rejected:,} rejected"
                )
        for (kind, reason), count in sorted(report.reasons.items(), key=lambda item: -item[1]):
            self.stdout.write(f"  {count:,} of {kind}: {reason}")
        if unused := unused_words(report.unused):
            self.stdout.write(unused)
        if report.rejects_file:
            self.stdout.write(f"Rejected rows, with line and reason: {report.rejects_file}")
        if not report.changed:
            self.stdout.write("Nothing changed: all of it was known already.")
        self.stdout.write(f"{report.seconds:.1f} seconds.")


class ProgressBar:
    """Bytes read of each file, on a terminal only."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._kind = ""

    def __enter__(self) -> Self:
        return self

    def show(self, kind: str, position: int, size: int, rows: int) -> None:
        if not sys.stderr.isatty():
            return
        if kind != self._kind:
            self.close()
            self._bar = tqdm(total=size, desc=f"{kind:<10}", unit="B", unit_scale=True, unit_divisor=1024)
            self._kind = kind
        if self._bar is not None:
            self._bar.set_postfix_str(f"{rows:,} rows", refresh=False)
            self._bar.update(min(position, size) - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
