"""The code of a coupon: one that the shop's own system made, else one of ours."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from apps.core.statuses import Conflict

from ..codes import new_code
from ..models import Compensation, CouponCode, Offer

VALID_DAYS = 180
# A coupon that ends before they can use it is none
LEAST_DAYS = 30
TAKEN = "That code was given away a moment ago. Try again."


@dataclass(frozen=True)
class Coupon:
    code: str
    expires_on: date
    pooled: CouponCode | None


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
