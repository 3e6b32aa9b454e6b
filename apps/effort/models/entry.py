from django.conf import settings
from django.db import models

from ..querysets import TimeEntryQuerySet


class Origin(models.TextChoices):
    PROACTIVE = "proactive", "Proactive"
    REACTIVE = "reactive", "Reactive"
    INTERNAL = "internal", "Internal"


class Source(models.TextChoices):
    CLOCK = "clock", "Task clock"
    LOGGED = "logged", "Logged by hand"
    IMPORT = "import", "Help desk"
    DEMO = "demo", "Demo"


class TimeEntry(models.Model):
    """Measured seconds of care work by a person, counted once, on the day it began in the shop's zone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="time_entries"
    )
    agent = models.CharField(max_length=160, blank=True, help_text="As the help desk names them")
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.SET_NULL, related_name="+")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    play = models.CharField(max_length=20, blank=True)
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.SET_NULL, related_name="time_entries"
    )
    started_at = models.DateTimeField()
    day = models.DateField(help_text="The shop's day on which it began")
    seconds = models.PositiveIntegerField()
    channel = models.CharField(max_length=20, blank=True)
    topic = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=20, help_text="clock, logged, import or demo")
    key = models.CharField(max_length=240, null=True, unique=True, help_text="Identity of an imported row")

    objects = TimeEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(origin__in=Origin.values), name="origin_known"),
        ]
        indexes = [
            # read by the entries behind a number
            models.Index(fields=["day", "origin"], name="entry_day_origin"),
            models.Index(fields=["user", "day"], name="entry_user_day"),
            # read by the list of unmatched agents
            models.Index(
                fields=["agent"],
                condition=models.Q(user__isnull=True) & ~models.Q(agent=""),
                name="entry_unmatched",
            ),
            # read by the contact guard
            models.Index(
                fields=["customer", "started_at"],
                condition=models.Q(customer__isnull=False),
                name="entry_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.seconds} s"
