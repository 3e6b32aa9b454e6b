"""What ends with a decision that no longer stands."""

from datetime import datetime
from typing import Any

from apps.accounts.models import User

from ..models import Offer, OfferStatus
from .budgets import release_money
from .compensations import unissue
from .letters import recall_letter


def undecided() -> dict[str, Any]:
    """The fields of a decision, as they are without one."""
    return {
        "first_approved_by": None,
        "first_approved_at": None,
        "decided_by": None,
        "decided_at": None,
        "decision_note": "",
        "approved_hash": "",
        "lapses_at": None,
    }


def release_if_approved(offer: Offer, *, by: User | None, now: datetime, reason: str) -> None:
    """The money of an approval that ends is free again. Call it before the offer is changed.

    A letter that went before its call is taken back with what it gives. Raises Conflict where it is out.
    """
    if offer.status == OfferStatus.APPROVED:
        recall_letter(offer, by=by, now=now, why=reason)
        unissue(offer, by=by, now=now)
        release_money(offer, by=by, now=now, reason=reason[:120])
