"""The verbs of the worklist."""

from ..steps import CannotPromise
from .closing import open_task, withdraw_tasks
from .leases import CannotTake, release, renew, save_notes, take, take_next, task_held_by
from .leaving import free_tasks_of
from .outcomes import record_outcome
from .sweep import sweep
from .undo import CannotUndo, undo_outcome
from .ways import NoWay, found_way

__all__ = [
    "CannotPromise",
    "CannotTake",
    "CannotUndo",
    "NoWay",
    "found_way",
    "free_tasks_of",
    "open_task",
    "record_outcome",
    "release",
    "renew",
    "save_notes",
    "sweep",
    "take",
    "take_next",
    "task_held_by",
    "undo_outcome",
    "withdraw_tasks",
]
