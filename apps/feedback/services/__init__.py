"""The verbs of feedback."""

from .answers import answer, record_unanswerable, reopen
from .drafts import save_draft
from .heard import keep_heard
from .holding import open_item, task_of
from .improvements import open_improvement

__all__ = [
    "answer",
    "keep_heard",
    "open_improvement",
    "open_item",
    "record_unanswerable",
    "reopen",
    "save_draft",
    "task_of",
]
