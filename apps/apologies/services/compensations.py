"""What was approved is given: once, to the cent."""

from datetime import datetime

from apps.accounts.models import User

from ..models import Compensation, Offer


def issue(offer: Offer, *, by: User | None, now: datetime) -> Compensation:
    """Give what was approved. Twice gives the same row."""
    raise NotImplementedError


def reverse(compensation: Compensation, *, reason: str, by: User | None, now: datetime) -> None:
    """Take back what was given."""
    raise NotImplementedError
