"""How the demo's managers decided on apology offers, through the approvals page's own services."""

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from apps.accounts.models import User
from apps.apologies.models import UNDECIDED, Offer, OfferStatus
from apps.apologies.permissions import may_decide, may_edit
from apps.apologies.refusals import Refused
from apps.apologies.services import approve, decline, edit_offer, return_offer

from .words.work import DECLINED, POSTSCRIPT, RETURNED, WHY_MORE

APPROVES, EDITS, RETURNS = 0.78, 0.9, 0.97  # the rest is declined
GOODWILL = Decimal("1.20")
PATIENCE = timedelta(days=2)


@dataclass(frozen=True)
class Decider:
    """One manager with the offers of a morning; each takes a minute or two."""

    manager: User
    chance: random.Random

    def decide_some(self, *, share: float, at: datetime) -> None:
        """Decide on about `share` of the offers that wait, the oldest first; on all that are very late."""
        for offer in waiting_offers():
            is_due = self.chance.random() < share or (share > 0 and offer.due_at < at - PATIENCE)
            if is_due and may_decide(self.manager, offer):
                self._decide(offer, at)
                at += timedelta(seconds=self.chance.randrange(40, 150))

    def approve_oldest(self, *, at: datetime, leaving: int) -> None:
        """Approve the one that has waited longest, if `leaving` others stay to be decided."""
        first = [offer for offer in waiting_offers() if offer.status == OfferStatus.PROPOSED]
        mine = [offer for offer in first if may_decide(self.manager, offer)]
        for offer in mine[:1] if len(mine) > leaving else []:
            self._approve(offer, at)

    def _approve(self, offer: Offer, at: datetime) -> None:
        """What a limit or a budget refuses stays for somebody else."""
        with suppress(Refused):
            approve(offer, by=self.manager, now=at, version=offer.version)

    def _decide(self, offer: Offer, at: datetime) -> None:
        drawn = self.chance.random()
        is_settled = offer.status == OfferStatus.SECONDING or offer.incident.cause_id is not None
        if is_settled or drawn < APPROVES:
            self._approve(offer, at)
        elif drawn < EDITS:
            with suppress(Refused):
                self._raise(offer, at)
        elif drawn < RETURNS:
            reason = self.chance.choice(RETURNED)
            return_offer(offer, by=self.manager, now=at, version=offer.version, reason=reason)
        else:
            note = self.chance.choice(DECLINED)
            decline(offer, by=self.manager, now=at, version=offer.version, note=note)

    def _raise(self, offer: Offer, at: datetime) -> None:
        """Give a fifth more: who changes an offer becomes its proposer, so another manager decides."""
        more = (offer.amount * GOODWILL).quantize(Decimal(1))
        edit_offer(
            offer,
            words=offer.words,
            compensation=offer.compensation,
            amount=more,
            cost=more,
            departure=offer.departure or WHY_MORE,
            by=self.manager,
            now=at,
            version=offer.version,
        )


def revise_returned(reps: Sequence[User], *, at: datetime) -> None:
    """Write the offers again that came back on an earlier day: a rep of their team proposes them now.

    One that gives more than may be given by now stays for a manager to lower.
    """
    returned = Offer.objects.filter(status=OfferStatus.RETURNED, decided_at__lt=at - timedelta(hours=12))
    for offer in returned.select_related("task", "incident__order").order_by("pk"):
        rep = next((rep for rep in reps if may_edit(rep, offer)), None)
        if rep:
            with suppress(Refused):
                _write_again(offer, rep, at)


def _write_again(offer: Offer, rep: User, at: datetime) -> None:
    edit_offer(
        offer,
        words=f"{offer.words}\n\n{POSTSCRIPT}",
        compensation=offer.compensation,
        amount=offer.amount,
        departure=offer.departure or WHY_MORE,
        by=rep,
        now=at,
        version=offer.version,
    )


def waiting_offers() -> list[Offer]:
    waiting = Offer.objects.filter(status__in=UNDECIDED)
    return list(
        waiting.select_related("task", "incident__order", "incident__customer").order_by("due_at", "pk")
    )
