from django.db import models


class ShiftPlan(models.Model):
    """The target share of one month, a fraction: 0.05 is 5 %."""

    month = models.DateField(unique=True, help_text="The first of the month")
    target = models.DecimalField(max_digits=5, decimal_places=4)

    class Meta:
        ordering = ["month"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(target__gte=0, target__lte=1), name="target_is_a_fraction"
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="plan_is_for_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.target:.0%}"
