from typing import ClassVar

from django.conf import settings
from django.db import models

from apps.customers.models import Purpose

from ..querysets import MessageQuerySet


class MessageStatus(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENDING = "sending", "Sending"
    SENT = "sent", "Sent"
    DELIVERED = "delivered", "Delivered"
    BOUNCED = "bounced", "Came back"
    FAILED = "failed", "Not sent"
    UNKNOWN = "unknown", "Not known"  # whether the provider has it: never sent again blindly
    TAKEN_BACK = "taken_back", "Taken back"


HERE = "local-"  # how the provider's id of a mail begins that was handed to no provider


class Message(models.Model):
    """One mail to one customer: written with what it is about, sent later by a worker.

    A worker claims it (`claim`, `claimed_until`) and says so for each before it talks to the provider
    (`began_at`): what was claimed and not begun can be queued again, what was begun cannot.
    """

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        "queued": {"sending", "taken_back", "failed", "unknown"},
        "sending": {"queued", "sent", "failed", "unknown", "delivered", "bounced"},
        "unknown": {"queued", "sent", "failed", "delivered", "bounced"},
        "sent": {"delivered", "bounced"},
        "delivered": {"bounced"},
        "failed": {"queued", "sent", "delivered", "bounced"},
        "bounced": set(),
        "taken_back": set(),
    }

    key = models.CharField(max_length=200, unique=True, help_text="What it is about: the same twice is one")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="messages")
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.SERVICE)
    category = models.CharField(max_length=20, help_text="Its play: told to the provider")
    to_address = models.EmailField()
    to_name = models.CharField(max_length=160, blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    status = models.CharField(max_length=10, choices=MessageStatus.choices, default=MessageStatus.QUEUED)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it is where it is, in words")
    send_at = models.DateTimeField(help_text="Not before: the wish, the ten seconds, or the next try")
    tries = models.PositiveSmallIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True, help_text="When this try was handed to the network")
    doubted_at = models.DateTimeField(
        null=True, help_text="When a try began of which nobody knows, though it is sent again since"
    )
    sent_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=120, blank=True)
    looked_at = models.DateTimeField(null=True, help_text="Dealt with another way: nobody looks again")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=MessageStatus.values), name="message_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status="sending", claim__isnull=False, claimed_until__isnull=False)
                | (~models.Q(status="sending") & models.Q(claim__isnull=True)),
                name="only_what_is_sent_is_claimed",
            ),
        ]
        indexes = [
            # read by the workers' claim
            models.Index(fields=["send_at", "id"], condition=models.Q(status="queued"), name="message_due"),
            # read by the sweep that ends claims of dead workers
            models.Index(
                fields=["claimed_until"], condition=models.Q(status="sending"), name="message_claimed"
            ),
            # read by the list of what a person has to look at
            models.Index(
                fields=["created_at"],
                condition=models.Q(looked_at__isnull=True, status__in=["unknown", "failed", "bounced"]),
                name="message_to_look_at",
            ),
            # read by the customer page
            models.Index(fields=["customer", "created_at"], name="message_customer"),
            models.Index(fields=["created_at"], name="message_created"),
        ]

    def __str__(self) -> str:
        return self.key

    def about(self, kind: str) -> int | None:
        """The key of the row that it is about, `task:17:3` of the task 17; None of another kind."""
        found, _, rest = self.key.partition(":")
        pk = rest.partition(":")[0]
        return int(pk) if found == kind and pk.isdecimal() else None

    @property
    def stayed_here(self) -> bool:
        """Accepted by ourselves, since no key of the provider was set: nobody got it."""
        return self.provider_id.startswith(HERE)

    @property
    def is_optional(self) -> bool:
        """Optional mail gives way, and says how to end it."""
        return self.purpose != Purpose.SERVICE
