"""Are the words of an offer the system's own, whoever saved them last?"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from apps.core.models import Event
from apps.language import Remedy

from .letters import addressed, asks_in_call, letter_of, reworded
from .models import Offer


def is_composed(offer: Offer, *, now: datetime) -> bool:
    """No words, nobody's words, or a person's edit that left them as the system composed them.

    What follows by itself is no edit: another sum or gift, another way of reaching us, other line ends.
    """
    if offer.proposed_by_id is None or not offer.words.strip():
        return True
    mine = _plain(offer.words)
    return any(_plain(words) == mine for words in (composed_letter(offer, now=now), *_kept(offer)))


def composed_letter(offer: Offer, *, now: datetime) -> str:
    """The letter as the system would write it now for what the offer gives, were it a first apology."""
    gift = Remedy(offer.compensation, offer.amount, offer.currency)
    return letter_of(offer.incident, gift, earlier=(), by_phone=asks_in_call(offer), now=now)


def _kept(offer: Offer) -> Iterator[str]:
    """As the log keeps them of each time when the system composed them, with what is given now."""
    events = Event.objects.filter(
        subject=Offer._meta.label_lower, subject_id=offer.pk, verb__in=["proposed", "refreshed"]
    )
    for data in events.order_by("pk").values_list("data", flat=True):
        made = data.get("set", {})
        if made.get("proposed_by_id") or not {"words", "compensation", "amount"} <= made.keys():
            continue  # a person's, or a person's that only went another way
        before = (made["compensation"], Decimal(str(made["amount"])))
        after = (offer.compensation, offer.amount)
        words = reworded(made["words"], before=before, after=after, currency=offer.currency)
        yield addressed(words, by_phone=asks_in_call(offer))


def _plain(words: str) -> str:
    return " ".join(words.split())
