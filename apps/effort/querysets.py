from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from apps.accounts.models import User

    from .models import TimeEntry

SEES_ALL = {"manager", "marketer", "admin"}


class TimeEntryQuerySet(models.QuerySet["TimeEntry"]):
    def visible_to(self, user: "User") -> Self:
        """A rep sees their own entries, exactly as a manager sees them; others see everybody's."""
        if not user.is_active:
            return self.none()
        return self if user.role in SEES_ALL else self.filter(user=user)

    def between(self, first: date, last: date) -> Self:
        """Entries of the days from `first` to `last`, both included."""
        return self.filter(day__range=(first, last))

    def unmatched(self) -> Self:
        """Imported time of an agent whom nobody here is known to be."""
        return self.filter(user__isnull=True).exclude(agent="")
