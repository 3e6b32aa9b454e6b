from .agent import AgentName
from .daily import DailyEffort
from .entry import Origin, Source, TimeEntry
from .plan import ShiftPlan

__all__ = ["AgentName", "DailyEffort", "Origin", "ShiftPlan", "Source", "TimeEntry"]
