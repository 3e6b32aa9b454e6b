"""Everything a manager needs beside the open offer: checks, what the amount means, what happened so far."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from apps.accounts.models import User
from apps.apologies.amounts import AT_MOST, RESTORES, share_of_order
from apps.apologies.checks import Check, checks_of, word_count
from apps.apologies.departures import band_of, given_by_cause
from apps.apologies.earlier import earlier_of, is_template_blocked
from apps.apologies.models import UNDECIDED, Compensation, Incident, IncidentKind, Offer, OfferStatus
from apps.apologies.permissions import (
    came_back,
    deciders,
    may_reverse,
    may_see_colleague,
    may_see_detail,
    rights_of,
    takes_part,
    why_not_decide,
)
from apps.apologies.remedies import Band
from apps.apologies.repeats import flag_for
from apps.apologies.services.limits import Foreseen, foresee
from apps.apologies.services.reminding import IS_LATE
from apps.core.templatetags.ui import money
from apps.writing.models import Verdict

from .timeline import HANDED_OVER, SYSTEM, Step, so_far

SIMILAR = 50
FEWEST = 3
FAILURES = {
    IncidentKind.LATE: "Late parcel",
    IncidentKind.LOST: "Lost parcel",
    IncidentKind.CANCELLED: "Cancelled by us",
    IncidentKind.WRONG: "Wrong item",
    IncidentKind.BROKEN: "Broken",
    IncidentKind.RUDE: "Rude to them",
    IncidentKind.SILENT: "Not answered",
    IncidentKind.OTHER: "Something else went wrong",
}


@dataclass(frozen=True)
class Drawer:
    offer: Offer
    letter: list[list[tuple[str, bool]]]
    checks: list[Check]
    words: int
    share: Decimal | None
    given: Decimal
    given_times: int
    incidents_before: int
    usual: Decimal | None
    similar: int
    kept: list[Verdict]
    steps: list[Step]
    may_decide: bool
    foreseen: Foreseen  # what this person's approval would meet
    may_edit: bool
    may_withdraw: bool
    to_take_back: Compensation | None  # what this person may take back of what was given
    takes_part: bool
    why_not: str
    band: Band
    by_cause: tuple[str, Decimal] | None
    again: str
    names_cause: bool
    sees_detail: bool
    sees_colleague: bool
    who_can: list[User]

    @property
    def is_undecided(self) -> bool:
        return self.offer.status in UNDECIDED

    @property
    def is_open(self) -> bool:
        """Somebody has to act before the customer hears of it."""
        return self.is_undecided or came_back(self.offer)

    @property
    def given_pk(self) -> int | None:
        return self.to_take_back.pk if self.to_take_back else None

    @property
    def desk_note(self) -> str:
        """Why it lies where it lies, if that was not chosen by a person."""
        moves = [step for step in self.steps if step.what == HANDED_OVER]
        is_skipped = moves and moves[-1].who == SYSTEM and not moves[-1].note.startswith(IS_LATE)
        return moves[-1].note if is_skipped else ""

    @property
    def failure(self) -> str:
        return failure_of(self.offer.incident)

    @property
    def holding(self) -> int:
        return sum(check.holds for check in self.checks)

    @property
    def void_because(self) -> str:
        """Why an approval no longer holds, while the offer waits for the next."""
        last = self.steps[-1] if self.steps else None
        return last.note if last and last.voids else ""

    @property
    def meter(self) -> dict[str, float]:
        """The bar's lengths: 150 % of the order is its whole."""
        share = min(self.share or Decimal(0), AT_MOST)
        return {
            "value": float(round(share / AT_MOST * 100, 1)),
            "target": float(round(RESTORES / AT_MOST * 100, 1)),
        }


def drawer_of(offer: Offer, user: User, *, now: datetime) -> Drawer:
    """`offer` comes with its incident, customer, order, task and people."""
    incident, rights = offer.incident, rights_of(user, offer)
    is_undecided = offer.status in UNDECIDED
    before = earlier_of(offer, now=now)
    similar = _similar(offer)
    return Drawer(
        offer=offer,
        letter=_marked(offer),
        checks=checks_of(offer, given_before=before),
        words=word_count(offer.words),
        share=share_of_order(offer.amount, incident.order.total if incident.order else None),
        given=sum((one.amount or Decimal(0) for one in before), Decimal(0)),
        given_times=len(before),
        incidents_before=Incident.objects.filter(customer=incident.customer_id)
        .exclude(pk=incident.pk)
        .count(),
        usual=median(similar) if len(similar) >= FEWEST else None,
        similar=len(similar),
        kept=list(Verdict.objects.about(offer).standing().select_related("by").order_by("pk")),
        steps=so_far(offer),
        may_decide=is_undecided and rights.decide,
        foreseen=foresee(offer, by=user, now=now) if is_undecided and rights.decide else Foreseen(),
        may_edit=rights.edit,
        may_withdraw=rights.withdraw,
        to_take_back=offer.given.standing().first() if may_reverse(user) else None,
        takes_part=takes_part(user, offer),
        why_not=why_not_decide(user, offer),
        band=band_of(offer, earlier=before),
        by_cause=given_by_cause(offer),
        again=flag_for(len(before)),
        names_cause=is_template_blocked(len(before)) and incident.cause_id is None,
        sees_detail=may_see_detail(user, incident),
        sees_colleague=may_see_colleague(user, incident),
        who_can=list(deciders(offer)[:6]),
    )


def failure_of(incident: Incident) -> str:
    return FAILURES[IncidentKind(incident.kind)]


def _similar(offer: Offer) -> list[Decimal]:
    """The last amounts that were approved for this kind of failure, in this currency."""
    approved = [OfferStatus.APPROVED, OfferStatus.DELIVERED]
    same = Offer.objects.filter(
        incident__kind=offer.incident.kind,
        status__in=approved,
        currency=offer.currency,
        decided_at__isnull=False,  # says to the database that the index of the decided ones holds them all
    )
    return list(same.exclude(pk=offer.pk).order_by("-decided_at").values_list("amount", flat=True)[:SIMILAR])


def _marked(offer: Offer) -> list[list[tuple[str, bool]]]:
    """The letter's paragraphs, cut so that the amount can be marked where it stands."""
    amount = money(offer.amount, offer.currency)
    paragraphs = [text for text in offer.words.replace("\r\n", "\n").split("\n\n") if text.strip()]
    return [_cut(text, amount) for text in paragraphs]


def _cut(text: str, amount: str) -> list[tuple[str, bool]]:
    parts: list[tuple[str, bool]] = []
    for number, piece in enumerate(text.split(amount)):
        if number:
            parts.append((amount, True))
        if piece:
            parts.append((piece, False))
    return parts
