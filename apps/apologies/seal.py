"""The seal of an approval: what was approved, as a hash. What is given must still match it."""

import hashlib
import json
from datetime import UTC

from .models import Offer


def seal_of(offer: Offer) -> str:
    """SHA-256 of words, compensation, amount, cost, currency, channel, letter and moment."""
    approved = [
        *(offer.words, offer.compensation, f"{offer.amount:.2f}", f"{offer.cost:.2f}", offer.currency),
        *(offer.channel, offer.letter_by, offer.letter_first),
        offer.moment.astimezone(UTC).isoformat() if offer.moment else "",
    ]
    return hashlib.sha256(json.dumps(approved).encode()).hexdigest()


def is_intact(offer: Offer) -> bool:
    return offer.approved_hash == seal_of(offer)
