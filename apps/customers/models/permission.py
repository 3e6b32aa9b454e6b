from django.db import models

from .customer import Customer


class Channel(models.TextChoices):
    PHONE = "phone", "Phone"
    EMAIL = "email", "E-mail"
    POST = "post", "Post"


class Purpose(models.TextChoices):
    SERVICE = "service", "Service"  # care that is owed: replies, apologies
    RECOGNITION = "recognition", "Recognition"  # care that is optional: thanks, welcome


class Permission(models.Model):
    """May we contact this customer, on this channel, for this purpose. No row: never asked."""

    class State(models.TextChoices):
        GIVEN = "given", "Given"
        REFUSED = "refused", "Refused"
        NEVER_ASKED = "never_asked", "Never asked"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="permissions")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    state = models.CharField(max_length=12, choices=State.choices)
    origin = models.CharField(max_length=120, blank=True, help_text="Where we know it from")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "channel", "purpose"], name="permission_once"),
        ]
        indexes = [
            # read by the permission guard
            models.Index(
                fields=["customer", "purpose", "channel"],
                condition=models.Q(state="refused"),
                name="permission_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.purpose}: {self.state}"
