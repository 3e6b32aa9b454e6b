from django.db import models

from .campaign import Campaign


class Arm(models.TextChoices):
    TREATMENT = "treatment", "Treatment"
    HOLDOUT = "holdout", "Holdout"


class Enrollment(models.Model):
    """One customer, one play, one occasion: unique, whatever runs twice or in parallel."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="enrollments")
    play = models.CharField(max_length=20)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="enrollments")
    occasion = models.CharField(max_length=200)
    subject_id = models.BigIntegerField(
        null=True, help_text="Key of the order, feedback item or incident that the occasion names"
    )
    kind = models.CharField(max_length=20, blank=True)
    arm = models.CharField(max_length=10, choices=Arm.choices)
    task = models.OneToOneField(
        "worklist.CareTask", null=True, on_delete=models.SET_NULL, related_name="enrollment"
    )
    occurred_at = models.DateTimeField(help_text="When the occasion happened")
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["play", "customer", "occasion"], name="enrolled_once"),
        ]
        indexes = [
            # read by the planner: treated, no task yet
            models.Index(
                fields=["campaign", "due_at"],
                condition=models.Q(arm="treatment", task__isnull=True),
                name="enrollment_unplanned",
            ),
            # read by self-withdrawal and by the apology's offers
            models.Index(fields=["play", "subject_id"], name="enrollment_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.play} {self.occasion}"


class Refusal(models.Model):
    """Why a candidate was not contacted: one row per campaign, customer and occasion."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="refusals")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="refusals")
    occasion = models.CharField(max_length=200)
    reason = models.CharField(max_length=40)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "customer", "occasion"], name="refused_once"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion}: {self.reason}"
