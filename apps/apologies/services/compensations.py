"""What was approved is given: once, to the cent, only as approved; and taken back."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.core.logged import logged
from apps.core.statuses import Conflict, advance, record
from apps.worklist.services.undo import OUTCOME_TAKEN_BACK

from ..models import (
    Account,
    Compensation,
    CompensationKind,
    CompensationStatus,
    IncidentStatus,
    Offer,
    OfferStatus,
)
from ..permissions import may_reverse
from ..refusals import Refused
from ..seal import is_intact
from .budgets import commit_money, shop_day
from .coupons import coupon_for, mark_given
from .ledger import enter, locked_offer, standing
from .limits import check_again

NOT_APPROVED = "This offer is not approved, so nothing is given. A manager decides on it first."
NOT_AS_APPROVED = "This offer is not what was approved. A manager has to look at it before anything is given."
NOTHING_OWED = "The incident was closed meanwhile ({why}), so nothing is given. Load the page again."
TAKEN_BACK = "What this offer gave was taken back. Change the offer and have it approved again to give anew."
WORTH_NOTHING = "This offer gives nothing. A manager sets an amount first."
REASON_NEEDED = "Say why it is taken back: the reason stays with it."
ONLY_MANAGERS = "A manager takes back what was given. Ask one of your team."
ALREADY_BACK = "This was taken back already. Nothing to do."
IN_USE = "The customer has used it or it has run out, so this cannot be undone. A manager can take it back."
# Where the money of a compensation stands, by its status
ACCOUNT_OF: dict[str, Account] = {
    CompensationStatus.ISSUED: Account.OUTSTANDING,
    CompensationStatus.REDEEMED: Account.REDEEMED,
    CompensationStatus.EXPIRED: Account.EXPIRED,
}


def issue(offer: Offer, *, by: User | None, now: datetime) -> Compensation:
    """Give what was approved. Twice gives the same row.

    Seal, incident and limits are checked anew, and that the money was set aside; an approval from before
    the ledger sets it aside now. Raises Conflict or OverLimit, and then nothing is written.
    """
    with transaction.atomic():
        offer = locked_offer(offer.pk)
        given = _live(offer)
        if given:
            _check_same(given, offer)
            return given
        _check_approval(offer)
        check_again(offer, now=now)
        _have_committed(offer, by=by, now=now)
        return _give(offer, by=by, now=now)


def unissue(offer: Offer, *, by: User | None, now: datetime) -> None:
    """An outcome was taken back within seconds: nothing was given yet, and the money is set aside again.

    The next `issue` gives a new row, with another code. Nothing given is nothing.
    """
    with transaction.atomic():
        offer = locked_offer(offer.pk)
        given = _live(offer)
        if given is None:
            return
        if given.status != CompensationStatus.ISSUED:
            raise Conflict(IN_USE)
        _take_back(given, Account.COMMITTED, reason=OUTCOME_TAKEN_BACK, by=by, now=now)


def reverse(compensation: Compensation, *, reason: str, by: User | None, now: datetime) -> None:
    """Take back what was given, also what was redeemed; its money is free again. `by=None` is the system."""
    seen = by is None or Offer.objects.visible_to(by).filter(pk=compensation.offer_id).exists()
    if by and not (may_reverse(by) and seen):
        raise PermissionDenied(ONLY_MANAGERS)
    if not reason.strip():
        raise Refused(REASON_NEEDED)
    with transaction.atomic():
        offer = locked_offer(compensation.offer_id)
        row = Compensation.objects.select_for_update(no_key=True).get(pk=compensation.pk)
        if row.status == CompensationStatus.REVERSED:
            raise Conflict(ALREADY_BACK)
        _take_back(row, Account.AVAILABLE, reason=reason.strip(), by=by, now=now)
        record(offer, "given back", by=by, now=now, reason=reason.strip()[:200])
    compensation.refresh_from_db()


def _live(offer: Offer) -> Compensation | None:
    rows = Compensation.objects.select_for_update(no_key=True).filter(offer=offer)
    return rows.standing().first()


def _check_same(given: Compensation, offer: Offer) -> None:
    """What went out before the call is what the call tells of."""
    mine = (given.kind, given.amount, given.cost, given.currency)
    if mine != (offer.compensation, offer.amount, offer.cost, offer.currency):
        raise Conflict(NOT_AS_APPROVED)


def _check_approval(offer: Offer) -> None:
    if offer.status not in {OfferStatus.APPROVED, OfferStatus.DELIVERED}:
        raise Conflict(NOT_APPROVED)
    if not is_intact(offer):
        raise Conflict(NOT_AS_APPROVED)
    if not offer.amount:
        raise Conflict(WORTH_NOTHING)
    if offer.status == OfferStatus.APPROVED and offer.incident.status == IncidentStatus.RESOLVED:
        raise Conflict(NOTHING_OWED.format(why=offer.incident.resolution))


def _have_committed(offer: Offer, *, by: User | None, now: datetime) -> None:
    committed = standing(offer).committed
    if committed == offer.amount:
        return
    if committed:
        raise Conflict(NOT_AS_APPROVED)
    if Compensation.objects.filter(offer=offer).exists():
        raise Conflict(TAKEN_BACK)
    commit_money(offer, by=by, now=now)


def _give(offer: Offer, *, by: User | None, now: datetime) -> Compensation:
    coupon = coupon_for(offer, shop_day(now)) if offer.compensation == CompensationKind.COUPON else None
    given = Compensation.objects.create(
        offer=offer,
        kind=offer.compensation,
        amount=offer.amount,
        cost=offer.cost,
        currency=offer.currency,
        code=coupon.code if coupon else None,
        expires_on=coupon.expires_on if coupon else None,
        issued_at=now,
        issued_by=by,
    )
    if coupon:
        mark_given(coupon, given)
    record(given, "issued", by=by, now=now, to_status=CompensationStatus.ISSUED, set=logged(given))
    move(given, (Account.COMMITTED, Account.OUTSTANDING), reason="Given", by=by, now=now)
    return given


def _take_back(given: Compensation, to: Account, *, reason: str, by: User | None, now: datetime) -> None:
    path = (ACCOUNT_OF[given.status], to)
    changes = {"reversed_reason": reason[:200]}
    advance(given, CompensationStatus.REVERSED, by=by, now=now, reason=reason[:200], changes=changes)
    move(given, path, reason=reason, by=by, now=now)


def move(
    given: Compensation, path: tuple[Account, Account], *, reason: str, by: User | None, now: datetime
) -> None:
    """One movement of a compensation's money, in the budget in which it was set aside."""
    enter(
        given.offer,
        path,
        budget_id=standing(given.offer).budget_id,
        by=by,
        now=now,
        amount=given.amount,
        reason=reason,
        compensation=given,
    )
