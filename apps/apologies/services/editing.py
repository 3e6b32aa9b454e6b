"""Changing an offer: who does becomes one of its authors, so that others decide."""

from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.core.logged import logged
from apps.core.statuses import advance, rewrite

from ..amounts import cost_of
from ..authors import joined, keys_of
from ..clock import handed_over_anew
from ..conflicts import check_not_told, conflict
from ..departures import check_departure
from ..earlier import earlier_of
from ..letters import addressed, is_asked_in_call, reworded
from ..models import Offer, OfferStatus
from ..permissions import may_edit
from ..refusals import Refused
from ..ways import check_letter
from .limits import check_rail
from .locking import lock_as_shown
from .refresh import wait_for_approval
from .voiding import release_if_approved, undecided

NOT_YOURS_TO_EDIT = "A rep can change an offer that came back. A manager can change this one."
WORDS_NEEDED = "Write the letter: an offer is words and compensation together."
AMOUNT_NEEDED = "Give an amount above zero. An apology that costs us nothing is not heard as one."
COST_NEEDED = "What it costs us cannot be less than nothing. Write 0 where it is not known."
CHANGED = "The offer was changed"


class OfferParts(TypedDict, total=False):
    """What of an offer may be changed beside its words and its compensation; what is left out stays.

    But for `cost`, which follows the amount in proportion, and `departure`, which goes with the amount and
    the kind that it was given for.
    """

    cost: Decimal
    letter_by: str
    letter_first: bool
    moment: datetime | None
    departure: str


def edit_offer(
    offer: Offer,
    *,
    words: str,
    compensation: str,
    amount: Decimal,
    by: User,
    now: datetime,
    version: int,
    **parts: Unpack[OfferParts],
) -> None:
    """Change the offer: an approval is void, also the first of two. One that was withdrawn is proposed anew.

    A letter that names the old gift names the new one afterwards.
    """
    if not may_edit(by, offer):
        raise PermissionDenied(NOT_YOURS_TO_EDIT)
    with transaction.atomic():
        lock_as_shown(offer, version=version, now=now)
        if not may_edit(by, offer):
            raise conflict(offer, now=now)
        check_not_told(offer)
        _check(offer, words, amount, parts)
        check_rail(offer, amount, now=now)
        check_letter(offer.channel, parts.get("letter_by", offer.letter_by))
        departure = _departure(offer, compensation, amount, parts)
        check_departure(
            offer,
            amount=amount,
            compensation=compensation,
            departure=departure,
            earlier=earlier_of(offer, now=now),
        )
        before, after = (offer.compensation, offer.amount), (compensation, amount)
        new = reworded(words.strip(), before=before, after=after, currency=offer.currency)
        given = {"compensation": compensation, "amount": amount, "departure": departure}
        cost = cost_of(amount, before=offer.amount, cost=offer.cost)
        changes = {"cost": cost, **parts, **given, "words": _in_its_order(offer, new, parts)}
        _propose_again(offer, changes, by=by, now=now)


def _departure(offer: Offer, compensation: str, amount: Decimal, parts: OfferParts) -> str:
    """A reason holds for what it was given for: another amount or kind needs another one, or none."""
    is_same = (compensation, amount) == (offer.compensation, offer.amount)
    return parts.get("departure", "").strip() or (offer.departure if is_same else "")


def _in_its_order(offer: Offer, words: str, parts: OfferParts) -> str:
    """A letter that now goes before the call, or after it, asks for their answer accordingly."""
    letter_by = parts.get("letter_by", offer.letter_by)
    letter_first = parts.get("letter_first", offer.letter_first)
    if (letter_by, letter_first) == (offer.letter_by, offer.letter_first):
        return words
    in_call = is_asked_in_call(offer.channel, letter_by=letter_by, letter_first=letter_first)
    return addressed(words, by_phone=in_call)


def _propose_again(offer: Offer, changes: dict[str, Any], *, by: User, now: datetime) -> None:
    """`offer` is locked. The editor's own desk is no place for it."""
    was = logged(offer, *changes)
    desk = handed_over_anew(offer) if offer.approver_id in {None, by.pk} else {}
    changes = {
        **changes,
        **undecided(),
        **desk,
        "authors": joined({*keys_of(offer.authors), by.pk}),
        "proposed_by": by,
        "proposed_at": now,
    }
    changes["version"] = offer.version + 1
    release_if_approved(offer, by=by, now=now, reason=CHANGED)
    if offer.status == OfferStatus.PROPOSED:
        rewrite(offer, "edited", changes, by=by, now=now, was=was)
    else:
        advance(offer, OfferStatus.PROPOSED, by=by, now=now, reason="Edited", changes=changes, was=was)
    if offer.task_id:
        wait_for_approval(offer.task_id, by=by, now=now, reason="offer changed")


def _check(offer: Offer, words: str, amount: Decimal, parts: OfferParts) -> None:
    if not words.strip():
        raise Refused(WORDS_NEEDED)
    if amount <= 0:
        raise Refused(AMOUNT_NEEDED)
    if parts.get("cost", Decimal(0)) < 0:
        raise Refused(COST_NEEDED)
