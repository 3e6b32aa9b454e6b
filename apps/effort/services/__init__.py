from .agents import match_agent, part_agent
from .contacts import CHANNELS, correct_contact, log_contact, usual_seconds
from .entries import record_time, record_times, take_back_time

__all__ = [
    "CHANNELS",
    "correct_contact",
    "log_contact",
    "match_agent",
    "part_agent",
    "record_time",
    "record_times",
    "take_back_time",
    "usual_seconds",
]
