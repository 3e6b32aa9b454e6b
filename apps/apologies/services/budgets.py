"""Money that is promised, kept in the budget of the offer's team and in the ledger."""

from datetime import datetime

from apps.accounts.models import User

from ..models import Offer


def commit_money(offer: Offer, *, by: User, now: datetime) -> None:
    """Set the offer's amount aside; raises OverLimit where the budget does not hold it."""


def release_money(offer: Offer, *, by: User | None, now: datetime, reason: str) -> None:
    """Give back what was set aside for an offer that is no longer approved; nothing set aside is nothing."""
