"""Everybody whose words or sums stand in an offer: none of them decides on it, whoever changed it last.

Kept in its row as `,3,17,`: one column that the log rebuilds, and that lists ask on every database.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from apps.accounts.models import User

    from .models import Cause


def joined(keys: Iterable[int | None]) -> str:
    """`,3,17,`; empty for nobody."""
    known = sorted({key for key in keys if key})
    return f",{','.join(map(str, known))}," if known else ""


def keys_of(authors: str) -> set[int]:
    return {int(key) for key in authors.split(",") if key}


def has_hand_in(user: "User") -> Q:
    """Of offers: this person is among their authors, or changed them last."""
    # "greater than nothing" leads the database to the few that a person had a hand in
    return Q(proposed_by=user) | Q(authors__gt="", authors__contains=f",{user.pk},")


def authors_by(cause: "Cause | None") -> set[int]:
    """Who stands behind what a cause gives and says: who decided it, and whose improvement is promised."""
    if cause is None:
        return set()
    decides = cause.decided_by_id if cause.amount is not None else None
    promises = cause.improvement.owner_id if cause.improvement else None
    return {key for key in (decides, promises) if key}
