from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models


def default_week() -> dict[str, list[list[str]]]:
    """Monday to Friday, 09:00 to 17:00: `{"0": [["09:00", "17:00"]], ...}`, 0 is Monday."""
    return {str(day): [["09:00", "17:00"]] for day in range(5)}


class Shop(models.Model):
    """The one shop of this installation. Zone, currency and country are set by the first import."""

    name = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    currency = models.CharField(max_length=3, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166: for public holidays")
    subdivision = models.CharField(max_length=6, blank=True)
    hours = models.JSONField(default=default_week)
    calls_from = models.TimeField(default=time(9), help_text="Nobody is called earlier, where they are")
    calls_until = models.TimeField(default=time(20), help_text="Nobody is called later, where they are")
    configured_at = models.DateTimeField(null=True, blank=True)
    demo_seed = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="only_one_shop"),
            models.CheckConstraint(
                condition=models.Q(calls_from__gte=time(8), calls_until__lte=time(21)),
                name="calls_between_8_and_21",
            ),
        ]

    def __str__(self) -> str:
        return self.name or "This shop"

    @classmethod
    def current(cls) -> "Shop":
        """The shop; made with defaults on an empty database."""
        shop, _ = cls.objects.get_or_create(pk=1)
        return shop

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def day_of(self, at: datetime) -> date:
        """The day that the shop's calendar shows at this instant."""
        return at.astimezone(self.zone).date()

    @property
    def has_hours(self) -> bool:
        return any(self.hours.values())

    def week(self, own: dict[str, Any] | None = None) -> dict[str, Any]:
        """A person's own working week, or the shop's; the usual one where the shop has no hours."""
        return own or (self.hours if self.has_hours else default_week())
