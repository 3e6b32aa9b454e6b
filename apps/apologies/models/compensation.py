from typing import ClassVar

from django.conf import settings
from django.db import models

from ..querysets import CompensationQuerySet
from .offer import CompensationKind, Offer


class CompensationStatus(models.TextChoices):
    ISSUED = "issued", "Given"
    REDEEMED = "redeemed", "Redeemed"
    EXPIRED = "expired", "Expired"
    REVERSED = "reversed", "Taken back"


class Compensation(models.Model):
    """What was given with an apology: issued once for its offer, to the cent, only as approved."""

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        "issued": {"redeemed", "expired", "reversed"},
        "redeemed": {"reversed"},
        "expired": {"issued", "reversed"},  # a shop honours it after all
        "reversed": set(),
    }
    LOGGED: ClassVar[tuple[str, ...]] = (
        *("offer_id", "kind", "amount", "cost", "currency", "code", "status"),
        *("issued_at", "issued_by_id", "expires_on", "redeemed_at", "redeemed_order", "reversed_reason"),
    )

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="given")
    kind = models.CharField(max_length=12, choices=CompensationKind.choices)
    amount = models.DecimalField(max_digits=10, decimal_places=2, help_text="What it is worth to them")
    cost = models.DecimalField(max_digits=10, decimal_places=2, help_text="What it costs us")
    currency = models.CharField(max_length=3)
    code = models.CharField(max_length=40, null=True, unique=True, help_text="Of a coupon")
    status = models.CharField(
        max_length=8, choices=CompensationStatus.choices, default=CompensationStatus.ISSUED
    )
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    expires_on = models.DateField(null=True, help_text="The last day on which a coupon counts")
    redeemed_at = models.DateTimeField(null=True)
    redeemed_order = models.CharField(max_length=160, blank=True, help_text="The shop's number of that order")
    reversed_reason = models.CharField(max_length=200, blank=True)

    objects = CompensationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer"], condition=~models.Q(status="reversed"), name="issued_once_per_offer"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, cost__gte=0), name="compensation_is_worth_something"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="redeemed") | models.Q(redeemed_at__isnull=False),
                name="redeemed_has_its_time",
            ),
        ]
        indexes = [
            # read by the pass that lets coupons run out
            models.Index(
                fields=["expires_on"], condition=models.Q(status="issued"), name="compensation_to_expire"
            ),
            models.Index(fields=["issued_at"], name="compensation_issued"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class CouponCode(models.Model):
    """A code that the shop's own system made, imported to be given away: each once."""

    code = models.CharField(max_length=40, unique=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3)
    expires_on = models.DateField(null=True)
    imported_at = models.DateTimeField()
    compensation = models.OneToOneField(
        Compensation, null=True, on_delete=models.PROTECT, related_name="pool_code"
    )

    class Meta:
        indexes = [
            # read by issuing
            models.Index(
                fields=["currency", "amount", "id"],
                condition=models.Q(compensation=None),
                name="coupon_code_free",
            ),
        ]

    def __str__(self) -> str:
        return f"Coupon code {self.pk}"
