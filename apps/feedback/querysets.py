from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from apps.accounts.models import User

    from .models import FeedbackItem


class FeedbackQuerySet(models.QuerySet["FeedbackItem"]):
    def visible_to(self, user: "User") -> Self:
        return self if user.is_active else self.none()
