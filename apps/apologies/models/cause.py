from django.conf import settings
from django.db import models

from ..querysets import CauseQuerySet
from .offer import CompensationKind


class Cause(models.Model):
    """What made us fail. Several incidents of one cause are a cluster: one decision, many apologies.

    `remedy` and `amount` are the decision, `decided_by` whose: each of its customers is given the same.
    """

    name = models.CharField(max_length=120)
    detail = models.TextField(blank=True)
    carrier = models.CharField(max_length=60, blank=True)
    improvement = models.ForeignKey(
        "feedback.Improvement", null=True, blank=True, on_delete=models.SET_NULL, related_name="causes"
    )
    remedy = models.CharField(max_length=12, choices=CompensationKind.choices, blank=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    departure = models.CharField(
        max_length=200, blank=True, help_text="Why it is more or less than suggested"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField()

    objects = CauseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0),
                name="cause_amount_above_zero",
            ),
        ]

    def __str__(self) -> str:
        return self.name
