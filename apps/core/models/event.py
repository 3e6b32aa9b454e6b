from django.conf import settings
from django.db import models


class Event(models.Model):
    """One thing that happened to one row: who, what, when, from, to. Append-only, by a trigger.

    `subject` is the row's model label (`worklist.caretask`) and `subject_id` its key: the only
    generic reference in the product, so that one log explains every state.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    verb = models.CharField(max_length=40)
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            # read by the timelines
            models.Index(fields=["subject", "subject_id", "at"], name="event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id} {self.verb}"
