from ..querysets import REPLY_PLAY
from .attempt import CONTACT_OUTCOMES, Attempt, Outcome
from .task import CareTask, Reach, TaskStatus

__all__ = ["CONTACT_OUTCOMES", "REPLY_PLAY", "Attempt", "CareTask", "Outcome", "Reach", "TaskStatus"]
