"""An offer reaches its customer, by a call or a letter: what was approved and nothing else."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core.statuses import Conflict, advance

from ..models import Offer, OfferStatus
from ..seal import is_intact
from .compensations import issue, unissue
from .letters import live_letter, send_letter, take_back_letter
from .resolving import resolve, unresolve

BROKEN_SEAL = "This offer is not what was approved. A manager has to look at it before it is given."
DELIVERED = "Apology delivered"
TAKEN_BACK = "Outcome taken back"


def deliver_offer(offer: Offer, *, by: User | None, now: datetime) -> None:
    """What is given is what was approved: the seal is checked, the money moves, the letter goes out."""
    if not is_intact(offer):
        raise Conflict(BROKEN_SEAL)
    with transaction.atomic():
        advance(offer, OfferStatus.DELIVERED, by=by, now=now)
        issue(offer, by=by, now=now)
        send_letter(offer, by=by, now=now)
        resolve(offer.incident, reason=DELIVERED, by=by, now=now)


def send_first(offer: Offer, *, by: User, now: datetime) -> None:
    """An approved offer whose letter goes before the call."""
    with transaction.atomic():
        issue(offer, by=by, now=now)
        send_letter(offer, by=by, now=now)


def take_back_delivery(offer: Offer, *, by: User | None, now: datetime) -> None:
    """The outcome was taken back within ten seconds: the offer is approved again, and nothing was given.

    A letter that went out before the call stays out, and with it what it gives.
    """
    with transaction.atomic():
        if not (offer.letter_first and live_letter(offer)):
            take_back_letter(offer, by=by, now=now, why=TAKEN_BACK)
            unissue(offer, by=by, now=now)
        advance(offer, OfferStatus.APPROVED, by=by, now=now, reason="outcome taken back")
        if offer.incident.resolution == DELIVERED:
            unresolve(offer.incident, reason="outcome taken back", by=by, now=now)
