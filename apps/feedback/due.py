"""By when an item is to be answered."""

from datetime import datetime

from apps.core.business_time import BusinessCalendar

from .models import FeedbackItem

UNHAPPY = 2
DAYS_UNHAPPY = 1
DAYS = 2


def answer_by(item: FeedbackItem, calendar: BusinessCalendar) -> datetime:
    """One business day for a score of 2 or lower, else two: the end of that day's work."""
    days = DAYS_UNHAPPY if item.score is not None and item.score <= UNHAPPY else DAYS
    received_on = calendar.local_day(item.received_at)
    return calendar.end_of_day(calendar.add_business_days(received_on, days))
