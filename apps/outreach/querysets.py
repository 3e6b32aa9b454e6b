from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from apps.accounts.models import User

    from .models import Message

TELL_WITHIN = timedelta(minutes=15)  # the provider's events have this long to say whether a mail arrived
# Word for word the condition of the index message_to_look_at: SQLite takes it for nothing else
TO_LOOK_AT = RawSQL(
    "outreach_message.looked_at IS NULL AND outreach_message.status IN ('unknown', 'failed', 'bounced')",
    [],
    output_field=models.BooleanField(),
)


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: "User") -> Self:
        """As with customers: everybody who works here."""
        return self if user.is_active else self.none()

    def due(self, now: datetime) -> Self:
        """What may be sent now, in its order."""
        return self.filter(status="queued", send_at__lte=now).order_by("send_at", "id")

    def needs_a_look(self, now: datetime) -> Self:
        """What only a person can settle, the oldest first.

        Not known to have arrived though the provider's events had their time to tell; not sent; come back.
        The last two leave the list once somebody has said that they looked (`set_aside`).
        """
        in_doubt = models.Q(status="unknown", began_at__lte=now - TELL_WITHIN)
        came_back = models.Q(status__in=["failed", "bounced"])
        return self.filter(TO_LOOK_AT, in_doubt | came_back).order_by("created_at", "id")
