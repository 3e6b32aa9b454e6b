"""The verbs of feedback."""

from .answers import answer, record_unanswerable
from .drafts import save_draft
from .heard import keep_heard
from .holding import open_item, task_of
from .improvements import open_improvement
from .reopening import reopen, undo_answer
from .returns import hear_back, reply_came_back, reply_taken_back
from .sending_again import reply_going_again

__all__ = [
    "answer",
    "hear_back",
    "keep_heard",
    "open_improvement",
    "open_item",
    "record_unanswerable",
    "reopen",
    "reply_came_back",
    "reply_going_again",
    "reply_taken_back",
    "save_draft",
    "task_of",
    "undo_answer",
]
