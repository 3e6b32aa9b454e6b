from django.db import models

from .arrival import Arrival
from .message import Message


class InboundOutcome(models.TextChoices):
    HEARD = "heard", "Passed on"
    AUTOMATIC = "automatic", "Answered by a machine"
    OURS = "ours", "One of our own mails"
    STRANGER = "stranger", "No customer found"


class InboundMail(Arrival):
    """A mail that somebody wrote to us, as the provider passed it on; its Message-ID counts once."""

    external_id = models.CharField(max_length=200, unique=True, help_text="Its Message-ID, or a sum of it")
    fields = models.JSONField(default=dict, help_text="headers, from, to, envelope, subject, text, html")
    outcome = models.CharField(max_length=10, choices=InboundOutcome.choices, blank=True)
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.CASCADE, related_name="inbound_mails"
    )
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="replies")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", *InboundOutcome.values]), name="inbound_outcome_known"
            ),
        ]
        indexes = [
            # read by the task that reads them
            models.Index(fields=["received_at"], condition=models.Q(read_at=None), name="inbound_unread"),
        ]

    def __str__(self) -> str:
        return f"Mail {self.pk}"
