from django.db import models

from .entry import Origin


class DailyEffort(models.Model):
    """Seconds by day, team, play and origin; kept equal to the raw entries by triggers."""

    day = models.DateField()
    team_key = models.BigIntegerField(default=0, help_text="The team's id; 0 is no team")
    play = models.CharField(max_length=20, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    seconds = models.BigIntegerField(default=0)
    entries = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "team_key", "play", "origin"], name="daily_effort_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.origin} {self.seconds} s"
