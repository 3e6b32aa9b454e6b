from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from apps.customers.models import Permission

if TYPE_CHECKING:
    from apps.accounts.models import User

    from .models import Attempt, CareTask

REPLY_PLAY = "feedback_reply"  # worked where replies are written, not in a call's workspace


class CareTaskQuerySet(models.QuerySet["CareTask"]):
    def visible_to(self, user: "User") -> Self:
        """A rep or manager sees their team's tasks and those of no team; others see all."""
        if not user.is_active:
            return self.none()
        if user.role in {"marketer", "admin"} or user.team_id is None:
            return self
        return self.filter(Q(team=user.team_id) | Q(team=None) | Q(assignee=user))

    def in_pool(self, team_id: int | None) -> Self:
        """Open, nobody's in particular, of this one team (or of none)."""
        return self.filter(status="open", assignee__isnull=True, team=team_id)

    def of_person(self, user_id: int) -> Self:
        """Promised or assigned to one person and still open."""
        return self.filter(status="open", assignee=user_id)

    def calls(self) -> Self:
        return self.filter(~Q(play=REPLY_PLAY), reach="phone")

    def written(self) -> Self:
        """Worked in the workspace, but not by phone: a mail, a letter, a search for a way."""
        return self.filter(~Q(play=REPLY_PLAY), ~Q(reach="phone"))

    def replies(self) -> Self:
        return self.filter(play=REPLY_PLAY)

    def due_by_now(self, now: datetime) -> Self:
        """Their time has come, and has not run out."""
        return self.filter(
            Q(opens_at__isnull=True) | Q(opens_at__lte=now),
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
        )

    def in_calling_window(self, now: datetime) -> Self:
        return self.filter(calls_from__lte=now, calls_until__gt=now)

    def with_purpose(self) -> Self:
        """Adds `purpose`, as permissions name it: what is owed is service, the rest recognition."""
        return self.alias(purpose=Case(When(owed=True, then=Value("service")), default=Value("recognition")))

    def phone_refused(self) -> Self:
        return self.with_purpose().filter(_refused_phone())

    def phone_not_refused(self) -> Self:
        return self.with_purpose().exclude(_refused_phone(), reach="phone")

    def in_order(self) -> Self:
        return self.order_by("priority", "due_at", "id")


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def standing(self) -> Self:
        """Attempts that were not taken back."""
        return self.filter(undone_at=None)


def _refused_phone() -> Exists:
    return Exists(
        Permission.objects.filter(
            customer=OuterRef("customer"), purpose=OuterRef("purpose"), channel="phone", state="refused"
        )
    )
