from typing import ClassVar

from django.conf import settings
from django.db import models

from ..querysets import IncidentQuerySet


class IncidentKind(models.TextChoices):
    LATE = "late", "Late"
    LOST = "lost", "Lost"
    CANCELLED = "cancelled", "Cancelled by us"
    WRONG = "wrong", "Wrong item"
    BROKEN = "broken", "Broken"
    RUDE = "rude", "Rude"
    SILENT = "silent", "Not answered"
    OTHER = "other", "Something else"


# Weakest first. A stronger kind takes the place of a weaker one in the same row: what was lost never
# came at all, so that it was late is no longer news; a cancelled order is worse than a wrong or broken
# one, which at least came; what somebody saw is stronger than what somebody felt.
STRENGTH: list[str] = [
    IncidentKind.OTHER,
    IncidentKind.SILENT,
    IncidentKind.RUDE,
    IncidentKind.LATE,
    IncidentKind.BROKEN,
    IncidentKind.WRONG,
    IncidentKind.CANCELLED,
    IncidentKind.LOST,
]


# The resolution by which the system takes back what a corrected date or status shows to be wrong
NEVER_HAPPENED = "The facts were corrected: this never happened"


class IncidentStatus(models.TextChoices):
    OPEN = "open", "Open"
    RESOLVED = "resolved", "Resolved"


class Severity(models.TextChoices):
    MINOR = "minor", "Minor"
    MODERATE = "moderate", "Moderate"
    SERIOUS = "serious", "Serious"


SEVERITIES: list[str] = list(Severity.values)  # mildest first


class Responsibility(models.TextChoices):
    WHOLE = "whole", "Whole"
    PART = "part", "In part"
    NONE = "none", "None"


class CustomerEffort(models.TextChoices):
    """What the customer had to do because of it."""

    NONE = "none", "Nothing"
    SOME = "some", "They had to ask"
    MUCH = "much", "They had to ask again, or put it right themselves"


RESPONSIBILITIES: list[str] = [Responsibility.NONE, Responsibility.PART, Responsibility.WHOLE]  # least first
EFFORTS: list[str] = list(CustomerEffort.values)


class Incident(models.Model):
    """A service failure. One per order; a stronger kind absorbs a weaker one in the same row.

    What fails after the apology for it was heard is a row of its own that `follows` the order's.

    `colleague` is who was rude: only managers of their team may see it.
    """

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {"open": {"resolved"}, "resolved": {"open"}}
    LOGGED: ClassVar[tuple[str, ...]] = (
        *("customer_id", "order_id", "follows_id", "feedback_id", "cause_id", "kind", "severity"),
        *("responsibility", "customer_effort", "status", "known_on", "detected_at", "reported_by_id"),
        *("resolved_at", "resolution"),
    )

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="incidents")
    order = models.ForeignKey(
        "customers.Order", null=True, blank=True, on_delete=models.CASCADE, related_name="incidents"
    )
    follows = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="followed_by",
        help_text="The order's incident, whose apology was heard before this one",
    )
    kind = models.CharField(max_length=10, choices=IncidentKind.choices)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    responsibility = models.CharField(
        max_length=6, choices=Responsibility.choices, default=Responsibility.WHOLE
    )
    customer_effort = models.CharField(
        max_length=4, choices=CustomerEffort.choices, default=CustomerEffort.NONE
    )
    cause = models.ForeignKey(
        "apologies.Cause", null=True, blank=True, on_delete=models.SET_NULL, related_name="incidents"
    )
    feedback = models.ForeignKey(
        "feedback.FeedbackItem", null=True, blank=True, on_delete=models.SET_NULL, related_name="incidents"
    )
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    status = models.CharField(max_length=10, choices=IncidentStatus.choices, default=IncidentStatus.OPEN)
    known_on = models.DateField(help_text="The shop's day on which we could know")
    detected_at = models.DateTimeField()
    detail = models.TextField(blank=True)
    tells_of_treatment = models.BooleanField(
        default=False,
        help_text="Its words tell how we treated them, whatever its kind is by now",
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=200, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(follows=None), name="one_incident_per_order"
            ),
            models.CheckConstraint(
                condition=models.Q(follows=None) | models.Q(order__isnull=False),
                name="what_follows_is_of_an_order",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=IncidentKind.values), name="incident_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", resolved_at__isnull=True)
                | models.Q(status="resolved", resolved_at__isnull=False),
                name="resolved_has_its_time",
            ),
        ]
        indexes = [
            # read by the apology play and the open-incident guard
            models.Index(
                fields=["customer", "known_on"],
                condition=models.Q(status="open"),
                name="incident_open",
            ),
            models.Index(fields=["known_on"], name="incident_known"),
            # read by the cause's page and by the report of what failure cost
            models.Index(fields=["detected_at"], name="incident_detected"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_private(self) -> bool:
        """It tells how somebody of ours treated a customer: its words are not for everybody."""
        return self.tells_of_treatment or self.kind == IncidentKind.RUDE or self.colleague_id is not None

    def is_stronger(self, kind: str) -> bool:
        """Would a report of `kind` take the place of this one?"""
        return STRENGTH.index(kind) > STRENGTH.index(self.kind)
