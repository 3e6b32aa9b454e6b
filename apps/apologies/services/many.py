"""Approving several offers at once: each by its own approval, with all that this asks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.core.statuses import Conflict

from ..models import Offer
from ..refusals import Refused
from .decisions import approve


@dataclass
class Approvals:
    """Those that went through (or to a second person), and the others with their reasons."""

    done: list[Offer] = field(default_factory=list)
    left: list[tuple[Offer, str]] = field(default_factory=list)


def approve_many(chosen: Iterable[tuple[Offer, int]], *, by: User, now: datetime) -> Approvals:
    """`chosen`: offers with the versions that the page showed. One that is refused stops no other."""
    result = Approvals()
    for offer, version in chosen:
        try:
            approve(offer, by=by, now=now, version=version)
        except (Conflict, Refused, PermissionDenied) as reason:
            result.left.append((offer, str(reason)))
        else:
            result.done.append(offer)
    return result
