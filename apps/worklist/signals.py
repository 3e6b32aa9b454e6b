"""News that travels upward. Each has one sender and is sent inside the transaction of what it tells of."""

from django.dispatch import Signal

attempt_recorded = Signal()  # attempt: Attempt; sent by record_outcome
attempt_undone = Signal()  # attempt: Attempt; sent by undo_outcome
task_closed = Signal()  # task: CareTask; sent by record_outcome, when it ended the task
