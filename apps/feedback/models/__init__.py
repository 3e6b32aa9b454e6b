from .improvement import Improvement
from .item import FeedbackItem, FeedbackStatus
from .reply import Reply

__all__ = ["FeedbackItem", "FeedbackStatus", "Improvement", "Reply"]
