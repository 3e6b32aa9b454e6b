from typing import ClassVar

from django.conf import settings
from django.db import models

from ..querysets import FeedbackQuerySet

HEARD = "call"  # the source of what a customer said, kept by whoever spoke with them


class FeedbackStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    ANSWERED = "answered", "Answered"
    UNANSWERABLE = "unanswerable", "Cannot be answered"


class FeedbackItem(models.Model):
    """What a customer told us, praise too. Each gets an answer, or a person records why it cannot."""

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        "waiting": {"answered", "unanswerable"},
        "answered": {"waiting"},
        "unanswerable": {"waiting", "answered"},
    }

    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=260, help_text="The item's id, and its order's if it has one")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="feedback")
    order = models.ForeignKey(
        "customers.Order", null=True, blank=True, on_delete=models.SET_NULL, related_name="feedback"
    )
    place = models.CharField(max_length=80, blank=True, help_text="Where it was written")
    url = models.URLField(max_length=500, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 to 5")
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    received_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=FeedbackStatus.choices, default=FeedbackStatus.WAITING)
    closed_at = models.DateTimeField(null=True, help_text="When answered, or found unanswerable")
    unanswerable_reason = models.CharField(max_length=200, blank=True)
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    heard_in_task = models.ForeignKey(
        "worklist.CareTask", null=True, on_delete=models.SET_NULL, related_name="feedback_heard"
    )

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="feedback_once_per_source"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=1, score__lte=5),
                name="score_1_to_5",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="unanswerable") | ~models.Q(unanswerable_reason=""),
                name="unanswerable_has_a_reason",
            ),
        ]
        indexes = [
            # read by the feedback_reply play and the workspace's list
            models.Index(
                fields=["received_at"], condition=models.Q(status="waiting"), name="feedback_waiting"
            ),
            models.Index(fields=["closed_at"], name="feedback_closed"),
            models.Index(fields=["customer", "received_at"], name="feedback_customer"),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def is_heard(self) -> bool:
        """Said in a call: there is no place where it was written."""
        return self.source == HEARD
