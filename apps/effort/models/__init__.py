from .daily import DailyEffort
from .entry import Origin, TimeEntry
from .plan import ShiftPlan

__all__ = ["DailyEffort", "Origin", "ShiftPlan", "TimeEntry"]
