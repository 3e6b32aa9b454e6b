"""The plays and guards that the engine knows. Each app registers its own when it is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import Lookup, Q
from django.db.models.expressions import Combinable

from .moment import Moment

if TYPE_CHECKING:
    from .models import Campaign
    from .plays.base import Play

Condition: TypeAlias = "Q | Combinable | Lookup[Any]"


@dataclass(frozen=True)
class Guard:
    """A rule that can hold a candidate back: a condition on Candidate, with its reason.

    Guards ask in their `order`, and the first that holds gives the reason. `condition` returns None where
    the guard has no say in a campaign.
    """

    reason: str
    label: str
    meaning: str
    order: int
    condition: Callable[["Play", "Campaign", Moment], "Condition | None"]


_plays: dict[str, "Play"] = {}
_guards: dict[str, Guard] = {}


def register_play(play: "Play") -> None:
    _plays[play.code] = play


def register_guard(guard: Guard) -> None:
    _guards[guard.reason] = guard


def play_for(code: str) -> "Play":
    """The play of a campaign, an enrollment or a task."""
    return _plays[code]


def plays() -> list["Play"]:
    """All plays: owed ones first, because optional ones give way to them."""
    return sorted(_plays.values(), key=lambda play: (play.priority, play.code))


def guards() -> list[Guard]:
    """All guards in the order in which they ask."""
    return sorted(_guards.values(), key=lambda guard: guard.order)
