from typing import ClassVar

from django.conf import settings
from django.db import models

from ..querysets import OfferQuerySet
from .incident import Incident, IncidentKind, Severity


class OfferStatus(models.TextChoices):
    PROPOSED = "proposed", "To decide"
    APPROVED = "approved", "Approved"
    RETURNED = "returned", "Returned"
    DECLINED = "declined", "Declined"
    DELIVERED = "delivered", "Delivered"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Compensation(models.TextChoices):
    COUPON = "coupon", "Coupon"
    REFUND = "refund", "Refund"
    CREDIT = "credit", "Store credit"
    GIFT = "gift", "Gift"


DECIDED = ["approved", "returned", "declined", "delivered"]
LIVE = ["proposed", "returned", "approved"]


class Offer(models.Model):
    """The whole gesture of an apology: words, compensation, channel and moment, decided as one.

    `proposed_by` is who proposed or last edited it (none is the system): they never decide on it.
    """

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        "proposed": {"approved", "returned", "declined", "withdrawn"},
        "approved": {"proposed", "delivered", "withdrawn"},  # an edit voids an approval
        "returned": {"proposed", "withdrawn"},
        "declined": {"proposed"},
        "delivered": {"approved"},  # an outcome taken back within ten seconds
        "withdrawn": {"proposed"},  # an incident that was opened again
    }

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="offers")
    task = models.OneToOneField(
        "worklist.CareTask", null=True, on_delete=models.CASCADE, related_name="offer"
    )
    # The incident as this offer was made for it: a pass finds by these what no longer fits
    for_kind = models.CharField(max_length=10, choices=IncidentKind.choices)
    for_severity = models.CharField(max_length=10, choices=Severity.choices)
    for_known_on = models.DateField()
    for_arrived = models.BooleanField(default=False, help_text="A late parcel that was known to be there")
    status = models.CharField(max_length=10, choices=OfferStatus.choices, default=OfferStatus.PROPOSED)
    words = models.TextField()
    compensation = models.CharField(max_length=8, choices=Compensation.choices)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3)
    channel = models.CharField(max_length=10, default="phone")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)
    approved_hash = models.CharField(max_length=64, blank=True, help_text="Of what was approved")
    version = models.PositiveIntegerField(default=1, help_text="Grows with each edit")
    due_at = models.DateTimeField()

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(proposed_by__isnull=True)
                | models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by")),
                name="nobody_decides_on_their_own_offer",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=DECIDED) | models.Q(decided_by__isnull=False),
                name="a_decision_has_its_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="proposed") | models.Q(decided_by__isnull=True),
                name="a_proposal_is_undecided",
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="amount_not_negative"),
            models.UniqueConstraint(
                fields=["incident"],
                condition=~models.Q(status__in=["declined", "withdrawn"]),
                name="one_live_offer_per_incident",
            ),
        ]
        indexes = [
            # read by the approvals page
            models.Index(fields=["due_at"], condition=models.Q(status="proposed"), name="offer_to_decide"),
            models.Index(fields=["decided_at"], name="offer_decided"),
        ]

    def __str__(self) -> str:
        return f"Offer {self.pk}"
