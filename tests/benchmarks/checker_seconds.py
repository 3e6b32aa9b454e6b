"""`python -m tests.benchmarks.checker_seconds texts.json`: the seconds that our checker takes.

The best of three for each, all texts in turn. A process of its own, as those of the checkers beside it are.
"""

import json
import sys
import time
from pathlib import Path

from apps.language import check


def seconds_of(text: str) -> float:
    """Of this process alone: other work on the machine does not count."""
    began = time.process_time()
    check(text)
    return time.process_time() - began


if __name__ == "__main__":
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    passes = [[seconds_of(text) for text in texts] for _ in range(3)]
    print(sum(map(min, *passes)))
