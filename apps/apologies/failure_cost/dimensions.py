"""By what failures are told apart. Each incident has exactly one key in each dimension."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf, StrIndex, Substr, Trim

from apps.campaigns.models import Enrollment

PLAY = "apology"
PRODUCT_LENGTH = 60
LARGEST = 2**63 - 1  # that a key can be


class UnknownKey(ValueError):
    """No line of this dimension can have such a key."""


class By(StrEnum):
    CAUSE = "cause"
    KIND = "kind"
    PRODUCT = "product"
    CARRIER = "carrier"
    TEAM = "team"


def key_of(by: By, path: str = "") -> Any:
    """The incident's key at `path` (`offer__incident__`): a number or None for cause and team, else text."""
    return KEYS[by](path)


def read_key(by: By, value: str) -> int | str | None:
    """A key as an address writes it: empty is where nothing is known."""
    if by not in {By.CAUSE, By.TEAM}:
        return value
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and int(value) <= LARGEST):
        raise UnknownKey(value)
    return int(value)


def _cause(path: str) -> Any:
    return F(f"{path}cause_id")


def _kind(path: str) -> Any:
    return F(f"{path}kind")


def _product(path: str) -> Any:
    """The order's items up to the first comma, where sizes and colours begin; empty where it is not known."""
    items = Coalesce(F(f"{path}order__items"), Value(""))
    comma = StrIndex(items, Value(","))
    first = Case(
        When(**{f"{path}order__items__contains": ","}, then=Substr(items, 1, comma - 1)), default=items
    )
    return Trim(Substr(first, 1, PRODUCT_LENGTH), output_field=CharField())


def _carrier(path: str) -> Any:
    """Who carried the order; the cause's carrier where the shop did not say."""
    said, blamed = F(f"{path}order__carrier"), F(f"{path}cause__carrier")
    return Coalesce(NullIf(said, Value("")), NullIf(blamed, Value("")), Value(""))


def _team(path: str) -> Any:
    """The team of its apology's task, the latest where there were several."""
    return of_latest_task("task__team", path)


def of_latest_task(name: str, path: str = "") -> Any:
    told = Enrollment.objects.filter(play=PLAY, subject_id=OuterRef(f"{path}pk"), task__isnull=False)
    return Subquery(told.order_by("-pk").values(name)[:1])


KEYS: dict[By, Callable[[str], Any]] = {
    By.CAUSE: _cause,
    By.KIND: _kind,
    By.PRODUCT: _product,
    By.CARRIER: _carrier,
    By.TEAM: _team,
}
