"""Runs all benches, or those named: `python -m tests.benchmarks [--full] [name ...]`.

They write to a database of their own, `carecrm_bench` beside the one that DATABASE_URL names (by default on
127.0.0.1), or the one that BENCH_DATABASE_URL names. It is made and migrated if absent, and kept.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import django
import psycopg

from . import FULL, REGULAR, Measure, Size

SERVER = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres").rpartition("/")[0]
DATABASE_URL = os.environ.get("BENCH_DATABASE_URL", f"{SERVER}/carecrm_bench")


def main() -> int:
    arguments = read_arguments()
    prepare_database()
    size = FULL if arguments.full else REGULAR
    measures = [measure for name in chosen(arguments.names) for measure in measured(name, size)]
    missed = [measure for measure in measures if not measure.holds]
    print(f"\n{len(measures)} measures, {len(missed)} missed")
    return 1 if missed else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="benches to run, without bench_; all if none is named")
    parser.add_argument("--full", action="store_true", help="a shop of a million customers")
    return parser.parse_args()


def prepare_database() -> None:
    """Make and migrate the benches' own database, and set Django up on it."""
    server, _, name = DATABASE_URL.rpartition("/")
    if not server.startswith("postgres"):
        sys.exit("The benches measure on PostgreSQL: name it by DATABASE_URL.")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not known:
            connection.execute(f'CREATE DATABASE "{name}"')
    os.environ["DATABASE_URL"] = DATABASE_URL
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carecrm.settings")
    django.setup()
    import_module("django.core.management").call_command("migrate", verbosity=0)


def chosen(names: list[str]) -> list[str]:
    known = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    unknown = set(names) - set(known)
    if unknown:
        sys.exit(f"No bench is called {', '.join(sorted(unknown))}. Known: {', '.join(known)}.")
    return names or known


def measured(name: str, size: Size) -> Iterator[Measure]:
    print(f"\n{name} ({size.customers:,} customers, {size.orders:,} orders)", flush=True)
    bench = import_module(f"tests.benchmarks.bench_{name}")
    started = time.perf_counter()
    for measure in bench.run(size):
        print(measure.line(), flush=True)
        yield measure
    print(f"  took {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
