from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db import models

from .subjects import SUBJECTS

if TYPE_CHECKING:
    from apps.accounts.models import User

    from .models import Verdict


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def visible_to(self, user: "User") -> Self:
        """The quoted words are as private as the text they are from: who may see that one sees them."""
        if not user.is_active:
            return self.none()
        row = models.OuterRef("subject_id")
        theirs = [
            models.Q(models.Exists(subject.visible_to(user).filter(pk=row)), subject=label)
            for label, subject in SUBJECTS.items()
        ]
        return self.filter(reduce(or_, theirs)) if theirs else self.none()

    def about(self, row: models.Model) -> Self:
        return self.filter(subject=row._meta.label_lower, subject_id=row.pk)

    def ignored(self) -> Self:
        """Words that were saved although there was something to say about them."""
        return self.filter(choice__in=["kept", "left"])

    def standing(self) -> Self:
        """Ignored, and still in the text as it was saved last."""
        return self.ignored().filter(stands=True)
