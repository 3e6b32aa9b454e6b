"""What we change so that it does not happen again."""

from datetime import date, datetime

from apps.accounts.models import User

from ..models import Improvement


def open_improvement(
    title: str, *, by: User, now: datetime, done_on: date | None = None, detail: str = ""
) -> Improvement:
    """`title` as a letter says it: "Two people now check each label"."""
    return Improvement.objects.create(
        title=title.strip().rstrip("."), detail=detail.strip(), owner=by, opened_at=now, done_on=done_on
    )
