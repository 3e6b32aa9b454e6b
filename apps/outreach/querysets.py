from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from apps.accounts.models import User

    from .models import Message


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: "User") -> Self:
        """As with customers: everybody who works here."""
        return self if user.is_active else self.none()
