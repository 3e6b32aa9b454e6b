"""Addresses that get no mail, or no optional mail."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.permissions import is_manager
from apps.core.statuses import Conflict, record

from ..models import Message, Scope, Suppression, SuppressionReason

NOT_YOURS_TO_LIFT = "Only a manager or an admin can have mail sent to this address again. Ask one."
LIFT_WITHOUT_REASON = "Say why mail may go to this address again."
ALREADY_LIFTED = "Somebody else lifted this a moment ago."


def is_suppressed(address: str, *, optional: bool) -> bool:
    """Whether mail of this kind must not go there. One query, by the unique index."""
    scope = Q(scope=Scope.ALL) | Q(scope=Scope.OPTIONAL) if optional else Q(scope=Scope.ALL)
    return Suppression.objects.filter(scope, address=_plain(address), lifted_at=None).exists()


@transaction.atomic
def suppress(
    address: str,
    *,
    scope: str,
    reason: str,
    by: User | None,
    now: datetime,
    message: Message | None = None,
    note: str = "",
) -> Suppression:
    """Send no more mail of this scope there. Twice is once; a complaint outweighs an address that is dead."""
    facts = {"reason": reason, "note": note[:200], "message": message}
    row, made = Suppression.objects.get_or_create(
        address=_plain(address), scope=Scope(scope), lifted_at=None, defaults={**facts, "at": now}
    )
    if not made and not _outweighs(reason, row):
        return row
    for name, value in facts.items():
        setattr(row, name, value)
    if not made:
        row.save(update_fields=list(facts))
    why = row.note or SuppressionReason(reason).label
    _log(row, "suppressed", by=by, now=now, reason=why, to_status=row.scope)
    return row


@transaction.atomic
def lift(suppression: Suppression, *, by: User, now: datetime, reason: str) -> None:
    """Let mail go there again, by a person who says why."""
    if not is_manager(by):
        raise PermissionDenied(NOT_YOURS_TO_LIFT)
    if not reason.strip():
        raise ValueError(LIFT_WITHOUT_REASON)
    live = Suppression.objects.filter(pk=suppression.pk, lifted_at=None)
    if not live.update(lifted_at=now, lifted_by=by):
        raise Conflict(ALREADY_LIFTED)
    suppression.lifted_at, suppression.lifted_by = now, by
    _log(suppression, "lifted", by=by, now=now, reason=reason.strip()[:200], from_status=suppression.scope)


def _outweighs(reason: str, row: Suppression) -> bool:
    return reason == SuppressionReason.SPAM and row.reason == SuppressionReason.BOUNCED


def _plain(address: str) -> str:
    return address.strip().lower()


def _log(
    row: Suppression,
    verb: str,
    *,
    by: User | None,
    now: datetime,
    reason: str,
    from_status: str = "",
    to_status: str = "",
) -> None:
    """About the customer where one is known, so that their page can tell it."""
    record(
        row.message.customer if row.message else row,
        verb,
        by=by,
        now=now,
        reason=reason,
        from_status=from_status,
        to_status=to_status,
        suppression=row.pk,
    )
