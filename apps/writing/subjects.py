"""What a checked text can belong to. The apps above say who may see it, and where it is read."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

if TYPE_CHECKING:
    from apps.accounts.models import User


@dataclass(frozen=True)
class Link:
    name: str
    url: str


@dataclass(frozen=True)
class Subject:
    """`visible_to` gives the rows that a user may see; `links` where to read those of these keys."""

    visible_to: Callable[["User"], QuerySet[Any]]
    links: Callable[[Collection[int]], dict[int, Link]]


SUBJECTS: dict[str, Subject] = {}


def register(label: str, subject: Subject) -> None:
    """`label` is the model's, in lower case, as the Event log writes it: `apologies.offer`."""
    SUBJECTS[label] = subject
