from django.db import models

from .arrival import Arrival
from .message import Message


class WebhookCall(Arrival):
    """One call of the provider's event webhook, proven by its signature: a list of events as JSON."""

    timestamp = models.CharField(max_length=20)
    signature = models.CharField(max_length=200)
    body = models.TextField()

    class Meta:
        indexes = [
            # read by the task that reads them
            models.Index(fields=["received_at"], condition=models.Q(read_at=None), name="webhook_unread"),
            # read by the task that forgets them
            models.Index(
                fields=["received_at"], condition=models.Q(read_at__isnull=False), name="webhook_read"
            ),
        ]

    def __str__(self) -> str:
        return f"Call {self.pk}"


class ProviderEvent(models.Model):
    """What the provider says happened to a mail; `external_id` (sg_event_id) counts once."""

    external_id = models.CharField(max_length=120, unique=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="events")
    call = models.ForeignKey(WebhookCall, null=True, on_delete=models.SET_NULL, related_name="events")
    kind = models.CharField(max_length=24, help_text="processed, delivered, bounce, ... as the provider says")
    at = models.DateTimeField()
    address = models.CharField(max_length=254, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["message", "at"], name="provider_event_message")]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
