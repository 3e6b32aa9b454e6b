from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

if TYPE_CHECKING:
    from apps.accounts.models import User

    from .models import FeedbackItem

OPEN_TASK = ["waiting", "open", "held"]


class FeedbackQuerySet(models.QuerySet["FeedbackItem"]):
    def visible_to(self, user: "User") -> Self:
        """Everybody who works here may read what customers told us: it is part of knowing them."""
        return self if user.is_active else self.none()

    def on_the_desk_of(self, user: "User") -> Self:
        """What one may answer: all but the items whose task another team has."""
        seen = self.visible_to(user)
        if user.role in {"marketer", "admin"} or user.team_id is None:
            return seen
        elsewhere = _enrolled().filter(task__team__isnull=False).exclude(task__team=user.team_id)
        return seen.exclude(Exists(elsewhere.exclude(task__assignee=user)))

    def waiting(self) -> Self:
        return self.filter(status="waiting")

    def unaccounted(self) -> Self:
        """Without an open task, a sent reply or a recorded reason: for the next pass, or for a person."""
        in_work = _enrolled().filter(task__status__in=OPEN_TASK)
        answered = models.Q(status="answered", reply__sent_at__isnull=False)
        reasoned = models.Q(status="unanswerable") & ~models.Q(unanswerable_reason="")
        return self.exclude(answered | reasoned).exclude(models.Q(status="waiting") & Exists(in_work))

    def enrolled(self, **conditions: object) -> Self:
        """Taken up by a pass, with an enrollment of which this is true."""
        return self.filter(Exists(_enrolled().filter(**conditions)))

    def held_back(self, start: datetime) -> Self:
        """From before the start of the campaign, which has not let them in: not owed yet."""
        return self.filter(~Exists(_enrolled()), received_at__lt=start)


def _enrolled() -> "models.QuerySet[Any]":
    enrollments = apps.get_model("campaigns", "Enrollment")._default_manager
    return enrollments.filter(play="feedback_reply", subject_id=OuterRef("pk"))
