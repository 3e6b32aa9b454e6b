from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from .models import Absence, User


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def not_over(self, day: date) -> Self:
        """Those of today and to come, the first one first."""
        return self.filter(last_day__gte=day).order_by("first_day", "pk")


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User") -> Self:
        """An admin sees everybody, a manager their team, others themselves."""
        if not user.is_active:
            return self.none()
        if user.role == "admin":
            return self
        if user.role == "manager" and user.team_id:
            return self.filter(team=user.team_id)
        return self.filter(pk=user.pk)

    def working(self) -> Self:
        return self.filter(is_active=True)

    def present_on(self, day: date) -> Self:
        """Those who work here and are not away that day."""
        away = self.model._base_manager.filter(absences__first_day__lte=day, absences__last_day__gte=day)
        return self.working().exclude(pk__in=away.values("pk"))

    def admins(self) -> Self:
        """Who can open every door."""
        return self.working().filter(role="admin")
