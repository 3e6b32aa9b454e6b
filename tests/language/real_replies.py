"""Real agents' replies with our labels: the texts stay where CARECRM_REAL_DATA says, the labels are here."""

import csv
import json
import os
from pathlib import Path

from .labelled import HERE, Draft, Span

FOLDER = "CARECRM_REAL_DATA"


def real_replies() -> list[Draft]:
    """The replies that a careful reader would label as we did. Empty where the data is not at hand."""
    folder = os.environ.get(FOLDER, "")
    path = Path(folder) / "twitter_care" / "messages.csv"
    if not folder or not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        replies = [row["text"] for row in csv.DictReader(file) if row["role"] == "agent"]
    labels = [json.loads(line) for line in (HERE / "real_labels.jsonl").read_text().splitlines()]
    return [
        Draft(f"real-{label['row']}", "social", replies[label["row"] - 1], _spans(label))
        for label in labels
        if not label["doubtful"]
    ]


def _spans(label: dict[str, list[list[object]]]) -> tuple[Span, ...]:
    return tuple(Span(*span) for span in label["spans"])  # type: ignore[arg-type]
