"""Eight writers at once on one SQLite file: how long the unluckiest of their writes waits."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from tempfile import TemporaryDirectory

from . import Measure, Size

ELSEWHERE = {"DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL"}


def run(size: Size) -> Iterator[Measure]:
    with TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.sqlite_writers"],
            env={**kept, "CARECRM_DATA": folder},
            check=True,
            stdout=subprocess.PIPE,
        )
    seconds = json.loads(done.stdout)
    detail = f"median {1000 * median(seconds):.0f} ms of {len(seconds):,} writes"
    yield Measure("longest wait of 8 writers on SQLite", max(seconds), limit=1, unit="s", detail=detail)
