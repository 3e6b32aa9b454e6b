"""News that travels upward. Each has one sender and is sent inside the transaction of what it tells of."""

from django.dispatch import Signal

attempt_recorded = Signal()  # attempt: Attempt; sent by record_outcome
attempt_undone = Signal()  # attempt: Attempt; sent by undo_outcome
phone_left = Signal()  # task: CareTask, now: datetime; sent by leave_phone
# task: CareTask; sent before a task is locked with what hangs on it, which is locked first
task_locking = Signal()
task_closed = Signal()  # task: CareTask; sent by record_outcome, when it ended the task
