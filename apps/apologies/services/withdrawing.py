"""Taking an offer back, before or after its approval."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.core.statuses import advance

from ..conflicts import check_not_told, conflict
from ..models import LIVE, Offer, OfferStatus
from ..permissions import may_withdraw
from ..refusals import Refused
from .locking import lock_as_shown
from .refresh import wait_for_approval
from .voiding import release_if_approved, undecided

NOT_YOURS = "Who proposed this offer can take it back, and so can a manager."
REASON_NEEDED = "Say why you take it back: whoever writes the next one reads it."


def withdraw_offer(offer: Offer, *, by: User, now: datetime, version: int, reason: str) -> None:
    """Take it back with a reason. The apology is still owed: its task waits for another offer.

    No pass proposes the same again: a person writes it anew (`edit_offer`), or news of the incident does
    (`refresh_offer`). Until then it stands among those that came back.
    """
    if not may_withdraw(by, offer):
        raise PermissionDenied(NOT_YOURS)
    if not reason.strip():
        raise Refused(REASON_NEEDED)
    with transaction.atomic():
        lock_as_shown(offer, version=version, now=now)
        if offer.status not in LIVE:
            raise conflict(offer, now=now)
        check_not_told(offer)
        release_if_approved(offer, by=by, now=now, reason="The offer was withdrawn")
        changes = {**undecided(), "decision_note": reason.strip()[:300]}
        words = reason.strip()[:200]
        advance(offer, OfferStatus.WITHDRAWN, by=by, now=now, reason=words, changes=changes)
        if offer.task_id:
            wait_for_approval(offer.task_id, by=by, now=now, reason="offer withdrawn")
