from typing import ClassVar

from django.conf import settings
from django.db import models

from ..querysets import OfferQuerySet
from .incident import Incident, IncidentKind, Severity


class OfferStatus(models.TextChoices):
    PROPOSED = "proposed", "To decide"
    SECONDING = "seconding", "Needs a second approval"
    APPROVED = "approved", "Approved"
    RETURNED = "returned", "Returned"
    DECLINED = "declined", "Declined"
    DELIVERED = "delivered", "Delivered"
    WITHDRAWN = "withdrawn", "Withdrawn"


class CompensationKind(models.TextChoices):
    COUPON = "coupon", "Coupon"
    REFUND = "refund", "Refund"
    CREDIT = "credit", "Store credit"
    GIFT = "gift", "Gift"
    REPLACEMENT = "replacement", "Replacement"
    WAIVED_FEE = "waived_fee", "Waived fee"


class LetterBy(models.TextChoices):
    NONE = "", "No letter"
    EMAIL = "email", "E-mail"
    POST = "post", "Post"


DECIDED = ["approved", "returned", "declined", "delivered"]
UNDECIDED = ["proposed", "seconding"]


class Offer(models.Model):
    """The whole gesture of an apology: words, compensation, channel, letter and moment, decided as one.

    `proposed_by` is who proposed or last edited it (none is the system), `authors` are all who had a hand in
    it: they never decide on it.
    """

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        "proposed": {"seconding", "approved", "returned", "declined", "withdrawn"},
        "seconding": {"proposed", "approved", "returned", "declined", "withdrawn"},
        "approved": {"proposed", "delivered", "withdrawn"},  # an edit voids an approval
        "returned": {"proposed", "withdrawn"},
        "declined": {"proposed"},
        "delivered": {"approved"},  # an outcome taken back within ten seconds
        "withdrawn": {"proposed"},  # an incident that was opened again
    }

    LOGGED: ClassVar[tuple[str, ...]] = (
        *("incident_id", "task_id", "for_kind", "for_severity", "for_known_on", "for_arrived", "status"),
        *("words", "compensation", "amount", "cost", "currency", "channel", "letter_by", "letter_first"),
        *("moment", "departure", "authors", "proposed_by_id", "proposed_at", "first_approved_by_id"),
        *("first_approved_at", "decided_by_id", "decided_at", "decision_note", "approved_hash", "version"),
        *("due_at", "approver_id", "lapses_at"),
    )

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
    compensation = models.CharField(max_length=12, choices=CompensationKind.choices)
    amount = models.DecimalField(max_digits=10, decimal_places=2, help_text="What it is worth to them")
    cost = models.DecimalField(
        max_digits=10, decimal_places=2, default=0, help_text="What it costs us, as far as we know"
    )
    currency = models.CharField(max_length=3)
    channel = models.CharField(max_length=10, default="phone")
    letter_by = models.CharField(
        max_length=5, choices=LetterBy.choices, blank=True, help_text="How the letter goes; none is no letter"
    )
    letter_first = models.BooleanField(default=False, help_text="The letter goes out before the call")
    moment = models.DateTimeField(null=True, blank=True, help_text="Not before; none is at once")
    departure = models.CharField(
        max_length=200, blank=True, help_text="Why it gives more or less than is suggested"
    )
    authors = models.TextField(blank=True, help_text="Keys of whose words or sums stand in it, as ,3,17,")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    first_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    first_approved_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)
    approved_hash = models.CharField(max_length=64, blank=True, help_text="Of what was approved")
    version = models.PositiveIntegerField(default=1, help_text="Grows with each edit")
    due_at = models.DateTimeField(help_text="When the customer should have it, in business hours by severity")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="On whose desk it lies; none is the team's",
    )
    reminded = models.PositiveSmallIntegerField(
        default=0, help_text="1 at half the time, 2 at four fifths, 3 handed to a deputy"
    )
    lapses_at = models.DateTimeField(null=True, help_text="An approval that nobody delivered ends then")

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
                condition=models.Q(first_approved_by__isnull=True)
                | (
                    (
                        models.Q(proposed_by__isnull=True)
                        | ~models.Q(first_approved_by=models.F("proposed_by"))
                    )
                    & (
                        models.Q(decided_by__isnull=True)
                        | ~models.Q(first_approved_by=models.F("decided_by"))
                    )
                ),
                name="two_approvers_are_two_people",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="seconding")
                | models.Q(first_approved_by__isnull=False, decided_by__isnull=True),
                name="a_second_needs_a_first",
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
            # read by the approvals page and by the approver's clock; one pass makes many that are due at once
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(status__in=["proposed", "seconding"]),
                name="offer_to_decide",
            ),
            # read by the approvals page: whose hand is in which
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(status__in=["proposed", "seconding"], authors__gt=""),
                name="offer_by_people",
            ),
            # read by the approvals page
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(status__in=["returned", "withdrawn"]),
                name="offer_came_back",
            ),
            # read by the pass that ends approvals
            models.Index(fields=["lapses_at"], condition=models.Q(status="approved"), name="offer_to_lapse"),
            models.Index(fields=["decided_at"], name="offer_decided"),
        ]

    def __str__(self) -> str:
        return f"Offer {self.pk}"
