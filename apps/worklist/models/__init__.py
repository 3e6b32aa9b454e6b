from .attempt import Attempt, Outcome
from .task import CareTask, Reach, TaskStatus

__all__ = ["Attempt", "CareTask", "Outcome", "Reach", "TaskStatus"]
