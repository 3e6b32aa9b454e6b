from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from apps.accounts.models import User

    from .models import Attempt, CareTask


class CareTaskQuerySet(models.QuerySet["CareTask"]):
    def visible_to(self, user: "User") -> Self:
        """A rep or manager sees their team's tasks and those of no team; others see all."""
        if not user.is_active:
            return self.none()
        if user.role in {"marketer", "admin"} or user.team_id is None:
            return self
        return self.filter(Q(team=user.team_id) | Q(team=None) | Q(assignee=user))


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def standing(self) -> Self:
        """Attempts that were not taken back."""
        return self.filter(undone_at=None)
