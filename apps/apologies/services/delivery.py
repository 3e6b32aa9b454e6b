"""An offer reaches its customer when the apology's task ends with them having heard it."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core.statuses import Conflict, advance

from ..models import Offer, OfferStatus
from ..seal import is_intact
from .resolving import resolve, unresolve

BROKEN_SEAL = "This offer is not what was approved. A manager has to look at it before it is given."
DELIVERED = "Apology delivered"


def deliver_offer(offer: Offer, *, by: User | None, now: datetime) -> None:
    """What is given is what was approved: the seal is checked, the incident is resolved."""
    if not is_intact(offer):
        raise Conflict(BROKEN_SEAL)
    with transaction.atomic():
        advance(offer, OfferStatus.DELIVERED, by=by, now=now)
        resolve(offer.incident, reason=DELIVERED, by=by, now=now)


def take_back_delivery(offer: Offer, *, by: User | None, now: datetime) -> None:
    """The outcome was taken back within ten seconds: the offer is approved again, as it was."""
    with transaction.atomic():
        advance(offer, OfferStatus.APPROVED, by=by, now=now, reason="outcome taken back")
        if offer.incident.resolution == DELIVERED:
            unresolve(offer.incident, reason="outcome taken back", by=by, now=now)
