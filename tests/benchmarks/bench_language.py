"""How fast the checker of words is, on a draft, on a pile of e-mails, at its start and on hostile texts.

Beside it proselint and write-good on the same texts, where they can be installed; they look for other faults
than ours, and tell what is usual for such a tool.
"""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.language.texts import HOSTILE, draft_of, emails

from . import Measure, Size
from .checker_seconds import seconds_of

HERE, MB = Path(__file__).parent, 1_000_000
FIRST_CHECK = (
    "import sys, time\n"
    "from apps.language import check\n"
    "check('We are sorry that you feel that way.')\n"
    "print(time.process_time()); assert 'django' not in sys.modules"
)
PEAK = (
    "from apps.language import check\n"
    "from tests.language.texts import HOSTILE, emails\n"
    "def peak():\n"
    "    lines = open('/proc/self/status').read().splitlines()\n"
    "    return next(int(line.split()[1]) for line in lines if line.startswith('VmHWM')) / 1000\n"
    "for text in emails(300_000): check(text)\n"
    "before = peak()\n"
    "for kind in HOSTILE.values(): check(kind(1_000_000))\n"
    "print(peak() - before)"
)


def run(size: Size) -> Iterator[Measure]:
    yield from of_a_draft()
    with TemporaryDirectory() as folder:
        rate = yield from of_emails(emails(10 * MB if size.full else 2 * MB), Path(folder))
    first = min(float(done([sys.executable, "-c", FIRST_CHECK])) for _ in range(5))
    yield Measure("first check in a fresh process", 1000 * first, limit=300, unit="ms")
    yield from of_hostile_texts(rate)


def of_a_draft() -> Iterator[Measure]:
    """Of 400 words."""
    draft = draft_of(400)
    runs = [1000 * seconds_of(draft) for _ in range(60)]
    yield Measure("draft of 400 words: best of 60", min(runs), limit=10, unit="ms")
    yield Measure("draft of 400 words: p50", median(runs), limit=10, unit="ms")


def of_hostile_texts(rate: float) -> Iterator[Measure]:
    growth, slowness = {}, {}
    for name, kind in HOSTILE.items():
        short = min(seconds_of(kind(MB // 10)) for _ in range(3))
        long = min(seconds_of(kind(MB)) for _ in range(2))
        growth[name], slowness[name] = long / short, long * rate
    worst, slowest = max(growth, key=growth.__getitem__), max(slowness, key=slowness.__getitem__)
    detail = f"{worst}; of {len(HOSTILE)} kinds"
    yield Measure("1 MB of hostile text, of the time of 100 kB", growth[worst], limit=13, detail=detail)
    yield Measure("slowest kind, of ordinary text", slowness[slowest], limit=20, detail=slowest)
    peak = float(done([sys.executable, "-c", PEAK]))
    yield Measure("memory that 1 MB of the worst kind takes", peak, limit=500, unit="MB")


def of_emails(texts: list[str], folder: Path) -> Generator[Measure, None, float]:
    """The last two on part of the texts, in turn with ours. Gives MB a second of ours."""
    path, shared = folder / "texts.json", folder / "shared.json"
    size, shared_size = written(texts, path), written(texts[: len(texts) // 4], shared)
    rate = size / by_us(path)
    detail = f"{size:.1f} MB in {len(texts):,} e-mails"
    yield Measure("text checked on one core", rate, limit=0.5, at_least=True, unit="MB/s", detail=detail)
    for name, seconds_by in {"proselint": by_proselint, "write-good": by_write_good}.items():
        try:
            theirs = shared_size / seconds_by(shared)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"  {name}: not measured, it could not be installed ({type(error).__name__})")
            continue
        ours = shared_size / by_us(shared)
        yield Measure(f"{name} on the same text", theirs, unit="MB/s")
        yield Measure(f"ours, of {name}", ours / theirs, detail=f"{ours:.2f} of {theirs:.2f} MB/s")
    return rate


def written(texts: list[str], path: Path) -> float:
    """Their size in MB."""
    path.write_text(json.dumps(texts), encoding="utf-8")
    return sum(len(text.encode()) for text in texts) / MB


def by_us(texts: Path) -> float:
    return float(done([sys.executable, "-m", "tests.benchmarks.checker_seconds", str(texts)]))


def by_proselint(texts: Path) -> float:
    """Seconds, from an environment that goes with the folder of `texts`."""
    environment = texts.parent / "proselint"
    done([sys.executable, "-m", "venv", str(environment)])
    done([str(environment / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "proselint"])
    return float(done([str(environment / "bin/python"), str(HERE / "proselint_seconds.py"), str(texts)]))


def by_write_good(texts: Path) -> float:
    folder = texts.parent / "write-good"
    done(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), "write-good"])
    return float(done(["node", str(HERE / "write_good_seconds.cjs"), str(texts), str(folder)]))


def done(command: list[str]) -> str:
    answer = subprocess.run(command, check=True, text=True, capture_output=True, timeout=600)
    return answer.stdout
