from .event import Event
from .heartbeat import Heartbeat
from .queue import QueuedMessage

__all__ = ["Event", "Heartbeat", "QueuedMessage"]
