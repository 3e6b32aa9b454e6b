"""Causes: what made us fail. Its incidents are one cluster: one decision, and a personal apology to each."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import Shop, User
from apps.core.statuses import Conflict, record, rewrite
from apps.core.templatetags.ui import money
from apps.feedback.models import Improvement
from apps.feedback.services import open_improvement

from ..amounts import cost_of
from ..authors import joined, keys_of
from ..clusters import band_of_cause
from ..composed import composed_letter
from ..conflicts import check_not_told
from ..departures import given_by_cause
from ..letters import reworded
from ..models import LIVE, Cause, CompensationKind, Incident, Offer, OfferStatus
from ..permissions import DECIDING_ROLES, takes_part
from ..promises import is_promised
from ..querysets import OfferQuerySet
from ..refusals import Refused
from .locking import lock_offers_of
from .many import Approvals, approve_many
from .refresh import refresh_offer

ONLY_MANAGERS = "Managers name causes and decide for them. Ask one of your team."
NAME_NEEDED = "Give the cause a name: what made us fail, in a few words."
AMOUNT_NEEDED = "Give an amount above zero. An apology that costs us nothing is not heard as one."
KIND_NEEDED = "Choose what each of them is given."
DECIDE_FIRST = "Decide first what everybody is given: the same for each. Then approve them together."
REASON_NEEDED = (
    "{least} to {most} is suggested for this cause. Say why {amount} is right: it stays with each offer."
)
CHANGED = "It is {count} and {amount} by now. Look at the list again, then approve."
OTHER_CAUSE = "{count} of these belong to another cause already. Take them out there first."


def open_cause(
    name: str,
    *,
    incidents: Iterable[Incident],
    by: User,
    now: datetime,
    carrier: str = "",
    detail: str = "",
) -> Cause:
    """Name what made us fail, and put these incidents under it."""
    _check_manager(by)
    if not name.strip():
        raise Refused(NAME_NEEDED)
    with transaction.atomic():
        cause = Cause.objects.create(
            name=name.strip()[:120], detail=detail.strip(), carrier=carrier, opened_by=by, opened_at=now
        )
        record(cause, "opened", by=by, now=now)
        add_incidents(cause, incidents, by=by, now=now)
    return cause


def add_incidents(cause: Cause, incidents: Iterable[Incident], *, by: User, now: datetime) -> int:
    """Put them under it; where it is decided, their open offers follow the decision. How many were new."""
    _check_manager(by)
    keys = [incident.pk for incident in incidents]
    with transaction.atomic():
        lock_offers_of(keys)
        found = list(Incident.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        elsewhere = sum(incident.cause_id not in {None, cause.pk} for incident in found)
        if elsewhere:
            raise Refused(OTHER_CAUSE.format(count=elsewhere))
        new = [incident for incident in found if incident.cause_id is None]
        for incident in new:
            _set_cause(incident, cause, by=by, now=now)
        if cause.amount is not None:
            offers = _undecided(cause).filter(incident__in=new)
            _give_the_same(cause, offers, by=by, now=now)
    return len(new)


def remove_incident(cause: Cause, incident: Incident, *, by: User, now: datetime) -> None:
    """It was something else: its offer stays as it is, but for what this cause's improvement promises.

    A letter that no person has written is made anew without it, any other is decided anew. Raises Conflict
    while somebody tells the customer of it.
    """
    _check_manager(by)
    with transaction.atomic():
        lock_offers_of([incident.pk])
        mine = Incident.objects.select_for_update(of=("self",)).filter(pk=incident.pk, cause=cause).first()
        if mine:
            _set_cause(mine, None, by=by, now=now)
            _promise_no_more(cause, mine, by=by, now=now)


def name_cause(incident: Incident, name: str, *, by: User, now: datetime) -> Cause:
    """What made us fail this customer: a cause of that name, known or new."""
    _check_manager(by)
    if not name.strip():
        raise Refused(NAME_NEEDED)
    with transaction.atomic():
        known = Cause.objects.filter(name__iexact=name.strip()).first()
        if known is None:
            return open_cause(name, incidents=[incident], by=by, now=now)
        add_incidents(known, [incident], by=by, now=now)
    return known


def decide_cause(
    cause: Cause, *, remedy: str, amount: Decimal, by: User, now: datetime, departure: str = ""
) -> int:
    """The same for everybody: each open offer that nobody has decided gives this now. How many changed.

    Who decides this proposes all of them, so somebody else approves. No offer goes over 150 % of its own
    order: there the rail is given in place of the amount. What it costs us changes in the same proportion.
    """
    _check_manager(by)
    _check_remedy(cause, remedy, amount, departure)
    with transaction.atomic():
        decision = {
            "remedy": remedy,
            "amount": amount,
            "decided_by": by,
            "departure": departure.strip()[:200],
        }
        Cause.objects.filter(pk=cause.pk).update(**decision)
        for name, value in decision.items():
            setattr(cause, name, value)
        kept = {"remedy": remedy, "amount": f"{amount:.2f}"}
        record(cause, "decided", by=by, now=now, reason=departure[:200], **kept)
        return _give_the_same(cause, _undecided(cause), by=by, now=now)


def approve_cause(
    cause: Cause, *, by: User, now: datetime, shown: tuple[int, Decimal] | None = None
) -> Approvals:
    """One decision for all its proposed offers, each with its own seal. What is refused stays.

    `shown` is how many of others the page named, and their sum: raises Conflict where it is another by now.
    """
    _check_manager(by)
    if cause.amount is None:
        raise Refused(DECIDE_FIRST)
    related = ["incident__customer", "incident__order", "incident__cause", "task", "proposed_by"]
    offers = list(_proposed(cause, by).select_related(*related).order_by("due_at", "pk"))
    others = [offer.amount for offer in offers if not takes_part(by, offer)]
    found = (len(others), sum(others, Decimal(0)))
    if shown is not None and shown != found:
        raise Conflict(CHANGED.format(count=found[0], amount=money(found[1], Shop.current().currency)))
    return approve_many([(offer, offer.version) for offer in offers], by=by, now=now)


def approvable_of(cause: Cause, by: User) -> OfferQuerySet:
    """The offers that `approve_cause` approves for `by`: proposed, and by somebody else."""
    return _proposed(cause, by).of_others(by)


def link_improvement(
    cause: Cause, *, title: str, done_on: date, by: User, now: datetime, detail: str = ""
) -> Improvement:
    """What changes so that it does not happen again. Letters that no person has touched say so at once."""
    _check_manager(by)
    with transaction.atomic():
        offers = list(_undecided(cause).filter(proposed_by=None).select_for_update(of=("self",)))
        untouched = [offer for offer in offers if offer.words == composed_letter(offer, now=now)]
        improvement = open_improvement(title, detail=detail, done_on=done_on, by=by, now=now)
        Cause.objects.filter(pk=cause.pk).update(improvement=improvement)
        cause.improvement = improvement
        record(cause, "improvement", by=by, now=now, improvement=improvement.pk)
        for offer in untouched:
            offer.incident.cause = cause
            changes = {
                "words": composed_letter(offer, now=now),
                "authors": joined({*keys_of(offer.authors), by.pk}),
            }
            _change(offer, changes, "refreshed", by=by, now=now)
    return improvement


def _promise_no_more(cause: Cause, incident: Incident, *, by: User, now: datetime) -> None:
    offer = incident.offers.filter(status__in=LIVE).select_related("task__held_by").first()
    if offer and cause.improvement and is_promised(cause.improvement, offer.words):
        check_not_told(offer)
        refresh_offer(incident, by=by, now=now)


def _give_the_same(cause: Cause, offers: OfferQuerySet, *, by: User, now: datetime) -> int:
    """Whoever decided it proposes; who put the incident under it has a hand in it, too."""
    rows = list(offers.select_for_update(of=("self",)).order_by("pk"))
    for offer in rows:
        offer.incident.cause = cause
        kind, amount = given_by_cause(offer) or (cause.remedy, offer.amount)
        words = reworded(
            offer.words,
            before=(offer.compensation, offer.amount),
            after=(kind, amount),
            currency=offer.currency,
        )
        changes = {
            "words": words,
            "compensation": kind,
            "amount": amount,
            "cost": cost_of(amount, before=offer.amount, cost=offer.cost),
            "departure": cause.departure,
            "authors": joined({*keys_of(offer.authors), cause.decided_by_id, by.pk}),
            "proposed_by": cause.decided_by,
            "proposed_at": now,
        }
        _change(offer, changes, "edited", by=by, now=now)
    return len(rows)


def _change(offer: Offer, changes: dict[str, Any], verb: str, *, by: User, now: datetime) -> None:
    """A row that is locked: its version grows, so that a page which shows the old one is told."""
    was = {"words": offer.words, "compensation": offer.compensation, "amount": str(offer.amount)}
    rewrite(offer, verb, {**changes, "version": offer.version + 1}, by=by, now=now, was=was)


def _proposed(cause: Cause, by: User) -> OfferQuerySet:
    return Offer.objects.visible_to(by).filter(incident__cause=cause, status=OfferStatus.PROPOSED)


def _undecided(cause: Cause) -> OfferQuerySet:
    related = ["incident__customer", "incident__order"]
    return Offer.objects.filter(incident__cause=cause, status=OfferStatus.PROPOSED).select_related(*related)


def _set_cause(incident: Incident, cause: Cause | None, *, by: User, now: datetime) -> None:
    verb = "cause named" if cause else "cause removed"
    rewrite(incident, verb, {"cause": cause}, by=by, now=now)


def _check_manager(by: User) -> None:
    if by.role not in DECIDING_ROLES or not by.is_active:
        raise PermissionDenied(ONLY_MANAGERS)


def _check_remedy(cause: Cause, remedy: str, amount: Decimal, departure: str) -> None:
    if remedy not in CompensationKind.values:
        raise Refused(KIND_NEEDED)
    if amount <= 0:
        raise Refused(AMOUNT_NEEDED)
    band = band_of_cause(cause, Shop.current().currency)
    if band and not band.holds(amount) and not departure.strip():
        sums = {"least": band.least, "most": band.most, "amount": amount}
        written = {name: money(value, band.currency) for name, value in sums.items()}
        raise Refused(REASON_NEEDED.format(**written))
