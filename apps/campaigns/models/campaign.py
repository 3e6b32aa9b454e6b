from datetime import datetime, timedelta

from django.db import models


class Backfill(models.TextChoices):
    NONE = "none", "Nothing from before the start"
    DAYS = "days", "The last days before the start"
    ALL = "all", "Everything"


class Campaign(models.Model):
    """A play switched on, with its settings. `migrate` makes one per play, off."""

    play = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    is_on = models.BooleanField(default=False)
    starts_at = models.DateTimeField(null=True, blank=True, help_text="Set when first switched on")
    backfill = models.CharField(max_length=4, choices=Backfill.choices, default=Backfill.NONE)
    backfill_days = models.PositiveSmallIntegerField(default=0)
    holdout_percent = models.PositiveSmallIntegerField(default=0)
    team = models.ForeignKey(
        "accounts.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="campaigns"
    )
    tasks_per_day = models.PositiveIntegerField(
        null=True, blank=True, help_text="At most this many new tasks a day; empty is no limit"
    )
    goal = models.CharField(max_length=160, blank=True)
    opening_line = models.TextField(blank=True, help_text="With {placeholders}")
    talk_points = models.TextField(blank=True, help_text="One a line, with {placeholders}")
    gestures = models.TextField(blank=True, help_text="Special gestures to choose from, one a line")
    minutes_per_task = models.PositiveSmallIntegerField(default=7)
    last_pass_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(holdout_percent__lte=50), name="holdout_at_most_half"),
        ]

    def __str__(self) -> str:
        return self.name

    def lets_in_from(self, at: datetime) -> datetime | None:
        """Occasions older than this are held back; none are where the backfill is everything.

        A campaign that was never on is taken as if it were switched on at `at`.
        """
        if self.backfill == Backfill.ALL:
            return None
        days = self.backfill_days if self.backfill == Backfill.DAYS else 0
        return (self.starts_at or at) - timedelta(hours=24 * days)
