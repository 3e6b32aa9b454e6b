"""How far whose word goes."""

from datetime import datetime

from apps.accounts.models import User

from ..models import Offer


def check_limits(offer: Offer, *, by: User, now: datetime) -> None:
    """May `by` approve this much? Raises OverLimit with the limit and what is left of it."""


def second_needed(offer: Offer, *, by: User, now: datetime) -> str:
    """Why a second approver is needed after `by`; empty where none is."""
    return ""
