"""The seal of an approval: what was approved, as a hash. What is given must still match it."""

import hashlib
import json

from .models import Offer


def seal_of(offer: Offer) -> str:
    """SHA-256 of words, compensation, amount, currency and channel."""
    approved = [offer.words, offer.compensation, f"{offer.amount:.2f}", offer.currency, offer.channel]
    return hashlib.sha256(json.dumps(approved).encode()).hexdigest()


def is_intact(offer: Offer) -> bool:
    return offer.approved_hash == seal_of(offer)
