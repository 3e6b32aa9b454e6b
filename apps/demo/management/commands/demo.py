import sys
from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.demo.loading import CannotLoad, Demo, load_demo
from apps.demo.removal import NoDemo, remove_demo
from apps.demo.sign_ins import lines_of, remove_sign_ins, write_sign_ins

FEWEST, MOST = 50, 50_000


class Command(BaseCommand):
    help = "Make the demo shop: customers, orders, feedback and three weeks of worked history; or remove it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--customers", type=int, default=2000, metavar="N", help="how many (default 2000)"
        )
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed, another shop")
        parser.add_argument("--remove", action="store_true", help="take the demo shop and its people away")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            self._remove()
            return
        if not FEWEST <= options["customers"] <= MOST:
            raise CommandError(f"--customers takes {FEWEST:,} to {MOST:,}, not {options['customers']:,}.")
        if not 0 <= options["seed"] < 2**31:
            raise CommandError("--seed takes a number from 0 to 2147483647.")
        self._load(options["customers"], options["seed"], tell_sign_ins=options["verbosity"] > 0)

    def _load(self, customers: int, seed: int, *, tell_sign_ins: bool) -> None:
        began = monotonic()
        try:
            demo = load_demo(customers=customers, seed=seed, now=timezone.now(), progress=self._progress)
        except CannotLoad as reason:
            raise CommandError(str(reason)) from None
        path = write_sign_ins(demo.sign_ins)
        self._tell(demo, monotonic() - began)
        if tell_sign_ins:
            self.stdout.write("\n".join(["Sign in as:", *(f"  {line}" for line in lines_of(demo.sign_ins))]))
            self.stdout.write(f"These sign-ins are kept in {path} (mode 0600).")

    def _tell(self, demo: Demo, seconds: float) -> None:
        self.stdout.write(
            f"The demo shop is ready: {demo.customers:,} customers, {demo.orders:,} orders, "
            f"{demo.feedback:,} feedback items, three weeks of work, in {seconds:.0f} seconds."
        )

    def _progress(self, done: int, days: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == days else ""
            self.stderr.write(f"\rDay {done} of {days}", ending=end)
            self.stderr.flush()

    def _remove(self) -> None:
        try:
            count = remove_demo()
        except NoDemo as reason:
            raise CommandError(str(reason)) from None
        remove_sign_ins()
        self.stdout.write(f"The demo shop is gone: {count:,} rows and its sign-ins.")
