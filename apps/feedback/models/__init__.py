from .improvement import Improvement
from .item import HEARD, FeedbackItem, FeedbackStatus
from .reply import Reply

__all__ = ["HEARD", "FeedbackItem", "FeedbackStatus", "Improvement", "Reply"]
