from typing import ClassVar

from django.conf import settings
from django.db import models

from ..querysets import REPLY_PLAY, CareTaskQuerySet


class TaskStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"  # for an approval
    OPEN = "open", "Open"
    HELD = "held", "Held"  # one person works on it, by a lease
    DONE = "done", "Done"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


class Reach(models.TextChoices):
    """How the customer is reached."""

    PHONE = "phone", "Call"
    EMAIL = "email", "Write a mail"
    POST = "post", "Write a letter"
    PUBLIC = "public", "Answer where it was written"
    FIND = "find", "Find a way to reach them"


IN_POOL = models.Q(status="open", assignee__isnull=True)


class CareTask(models.Model):
    """The work a person does for an enrollment. It knows its facts, not who made it."""

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        "waiting": {"open", "held", "withdrawn", "expired"},  # held: an outcome taken back
        "open": {"held", "waiting", "done", "withdrawn", "expired"},
        "held": {"open", "waiting", "done", "withdrawn", "expired"},
        "done": {"held", "open"},  # an outcome taken back within ten seconds, a reply reopened
        "withdrawn": {"held", "open", "waiting"},  # owed after all: it waits for its approval again
        "expired": {"held", "open"},
    }

    key = models.CharField(max_length=260, unique=True, help_text="Play, customer and occasion")
    play = models.CharField(max_length=20)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="care_tasks", db_index=False
    )
    team = models.ForeignKey(
        "accounts.Team", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="care_tasks",
        db_index=False,
    )
    status = models.CharField(max_length=10, choices=TaskStatus.choices, default=TaskStatus.OPEN)
    reach = models.CharField(max_length=8, choices=Reach.choices, default=Reach.PHONE)
    owed = models.BooleanField(default=False)
    priority = models.SmallIntegerField(default=2, help_text="0 promised, 1 owed, 2 optional")
    due_at = models.DateTimeField(help_text="End of the due day, or the moment that was promised")
    opens_at = models.DateTimeField(null=True, help_text="Not before: call backs, snoozes, retries")
    expires_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=60, blank=True, help_text="The customer's; empty is not known")
    calls_from = models.DateTimeField(null=True, help_text="The calling window that is open or next")
    calls_until = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    attempts_allowed = models.PositiveSmallIntegerField(default=3)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="held_tasks",
        db_index=False,
    )
    held_at = models.DateTimeField(null=True, help_text="When the clock of this hold began")
    held_until = models.DateTimeField(null=True)
    notes = models.TextField(blank=True, help_text="Saved as they are written, kept by the attempt")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=120, blank=True)

    objects = CareTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=TaskStatus.values), name="task_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status="held", held_by__isnull=False, held_until__isnull=False)
                | (~models.Q(status="held") & models.Q(held_by__isnull=True)),
                name="held_by_one",
            ),
            # also read by every "which task do I hold"
            models.UniqueConstraint(
                fields=["held_by"], condition=models.Q(status="held"), name="one_hold_per_person"
            ),
        ]
        indexes = [
            # read by "take next" and Today: the team's calls in their order
            models.Index(
                fields=["team", "priority", "due_at", "id"],
                condition=IN_POOL & models.Q(reach="phone") & ~models.Q(play=REPLY_PLAY),
                name="task_pool_calls",
            ),
            # read by "take next" and Today: the team's work on other channels
            models.Index(
                fields=["team", "priority", "due_at", "id"],
                condition=IN_POOL & ~models.Q(reach="phone") & ~models.Q(play=REPLY_PLAY),
                name="task_pool_written",
            ),
            # read by Today: the team's replies
            models.Index(
                fields=["team", "priority", "due_at", "id"],
                condition=IN_POOL & models.Q(play=REPLY_PLAY),
                name="task_pool_replies",
            ),
            # read by "take next" and Today: is any calling window open, and which opens next
            models.Index(
                fields=["team", "calls_from", "calls_until"],
                condition=IN_POOL & models.Q(reach="phone") & ~models.Q(play=REPLY_PLAY),
                name="task_pool_windows",
            ),
            # read by the sweep that moves passed windows on
            models.Index(
                fields=["calls_until", "zone"],
                condition=models.Q(status__in=["waiting", "open"], reach="phone"),
                name="task_window_passed",
            ),
            # read by Today's snoozed
            models.Index(
                fields=["team", "opens_at"],
                condition=models.Q(status="open", opens_at__isnull=False),
                name="task_snoozed",
            ),
            # read by "take next" and Today: one's own
            models.Index(
                fields=["assignee", "priority", "due_at", "id"],
                condition=models.Q(status="open", assignee__isnull=False),
                name="task_mine",
            ),
            # read by the sweep that returns leases
            models.Index(fields=["held_until"], condition=models.Q(status="held"), name="task_lease"),
            # read by the sweep that expires
            models.Index(
                fields=["expires_at"],
                condition=models.Q(status__in=["waiting", "open"], expires_at__isnull=False),
                name="task_expiry",
            ),
            # read by the customer page
            models.Index(fields=["customer", "created_at"], name="task_customer"),
            # read by Today's done list
            models.Index(fields=["closed_at"], condition=models.Q(status="done"), name="task_done"),
        ]

    def __str__(self) -> str:
        return self.key
