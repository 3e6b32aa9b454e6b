"""The code of a coupon: one that the shop's own system made, else one of ours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Upper

from apps.core.statuses import Conflict

from ..codes import new_code
from ..models import Compensation, CouponCode, Offer
from ..refusals import Refused

VALID_DAYS = 180
# A coupon that ends before they can use it is none
LEAST_DAYS = 30
TWIN = "equals another code but for small and capital letters, and may be typed as that one"
TAKEN = "That code was given away a moment ago. Try again."


@dataclass(frozen=True)
class Coupon:
    code: str
    expires_on: date
    pooled: CouponCode | None


@transaction.atomic
def add_to_pool(codes: Sequence[CouponCode], *, now: datetime) -> int:
    """Keep these codes of the shop's own system to be given away: how many are new.

    Those that we know, in the pool or given away, stay as they are. Raises Refused where one equals another
    but for its case: `twins_of` names them.
    """
    names = [row.code for row in codes]
    if twins_of(names):
        raise Refused(TWIN)
    known = _known(Q(code__in=names))
    new = {row.code: row for row in codes if row.code not in known}
    for row in new.values():
        row.imported_at = now
    CouponCode.objects.bulk_create(new.values(), ignore_conflicts=True)
    return len(new)


def twins_of(names: Iterable[str]) -> set[str]:
    """Those that equal another code but for their case: of the pool, given away, or earlier among `names`."""
    mine = dict.fromkeys(names)
    alike = Q(upper__in={name.upper() for name in mine})
    first = {code.upper(): code for code in sorted(_known(alike))}
    exact = _known(Q(code__in=mine))
    twins = set()
    for name in mine:
        if first.setdefault(name.upper(), name) != name and name not in exact:
            twins.add(name)
    return twins


def _known(condition: Q) -> set[str]:
    """Codes of the pool, and those given away."""
    found: set[str] = set()
    for model in (CouponCode, Compensation):
        rows: QuerySet[Any] = model._default_manager.annotate(upper=Upper("code")).filter(condition)
        found |= set(rows.exclude(code=None).values_list("code", flat=True))
    return found


def coupon_for(offer: Offer, today: date) -> Coupon:
    """Of exactly this amount and currency from the pool, if it counts for a while yet.

    A row that somebody else is about to take is passed over (SKIP LOCKED; SQLite has one writer anyhow).
    """
    lasting = Q(expires_on=None) | Q(expires_on__gte=today + timedelta(days=LEAST_DAYS))
    free = CouponCode.objects.filter(lasting, compensation=None, currency=offer.currency, amount=offer.amount)
    default = today + timedelta(days=VALID_DAYS)
    pooled = free.select_for_update(skip_locked=True).order_by("pk").first()
    if pooled is None:
        return Coupon(new_code(), default, None)
    return Coupon(pooled.code, pooled.expires_on or default, pooled)


def mark_given(coupon: Coupon, compensation: Compensation) -> None:
    """A code of the pool is given once, also where the database has no row locks."""
    if coupon.pooled is None:
        return
    free = CouponCode.objects.filter(pk=coupon.pooled.pk, compensation=None)
    if not free.update(compensation=compensation):
        raise Conflict(TAKEN)
