from .attempt import CONTACT_OUTCOMES, Attempt, Outcome
from .task import REPLY_PLAY, CareTask, Reach, TaskStatus

__all__ = ["CONTACT_OUTCOMES", "REPLY_PLAY", "Attempt", "CareTask", "Outcome", "Reach", "TaskStatus"]
