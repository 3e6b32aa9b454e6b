from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from .message import Message


class Scope(models.TextChoices):
    ALL = "all", "No mail at all"
    OPTIONAL = "optional", "No optional mail"


class SuppressionReason(models.TextChoices):
    BOUNCED = "bounced", "Mail came back"
    SPAM = "spam", "Marked as spam"
    UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
    MANUAL = "manual", "Set by hand"


class Suppression(models.Model):
    """An address that gets no mail, or no optional mail, until somebody lifts it with a reason."""

    address = models.EmailField(help_text="In lower case")
    scope = models.CharField(max_length=8, choices=Scope.choices)
    reason = models.CharField(max_length=12, choices=SuppressionReason.choices)
    note = models.CharField(max_length=200, blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            # read by every send
            models.UniqueConstraint(
                fields=["address", "scope"],
                condition=models.Q(lifted_at=None),
                name="suppressed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(address=Lower("address")), name="suppressed_in_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.pk}"
