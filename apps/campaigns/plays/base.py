from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from apps.campaigns.expressions import NO_KEY, NO_KIND, NO_TIME, ONE_DAY
from apps.campaigns.moment import Moment
from apps.worklist.models import Reach, TaskStatus

Sql = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Occasions:
    """One query, and the expressions that make a candidate of each of its rows.

    `due_from` is the shop's day from which `due_days` business days are counted; `facts` is what the
    workspace shows and what `Play.why` reads. `beneath` are queries that stand in for unmanaged models
    which `rows` reads.
    """

    rows: QuerySet[Any, Any]
    customer_id: Combinable
    occasion: Combinable
    occurred_at: Combinable
    due_from: Combinable
    facts: JSONObject
    kind: Combinable = NO_KIND
    subject_id: Combinable = NO_KEY
    due_days: Combinable = ONE_DAY
    expires_at: Combinable = NO_TIME
    beneath: Mapping[type[Model], QuerySet[Any, Any]] = field(default_factory=dict)

    @staticmethod
    def columns() -> list[str]:
        return [each.name for each in fields(Occasions) if each.name not in {"rows", "beneath"}]

    def sql(self) -> Sql:
        """The query, its columns in the order of `columns()`."""
        named = {f"as_{name}": getattr(self, name) for name in self.columns()}
        query = self.rows.order_by().annotate(**named).values_list(*named).query
        sql, params = query.sql_with_params()
        return sql, tuple(params)


@dataclass(frozen=True)
class Stale:
    """Why an enrollment is no longer due: a condition on Enrollment, and the reason in words."""

    reason: str
    condition: Q | Combinable


@dataclass(frozen=True)
class Script:
    """What a new campaign of the play says, until a marketer changes it."""

    goal: str
    opening_line: str
    talk_points: str
    gestures: str = ""
    minutes: int = 7


class Play(ABC):
    """A kind of outreach: finds occasions by one query, and says what work each needs."""

    code: ClassVar[str]
    name: ClassVar[str]
    matched: ClassVar[str]  # who is a candidate, in words
    script: ClassVar[Script]
    owed: ClassVar[bool] = False
    hard: ClassVar[bool] = False  # the workspace offers the pause card
    once_per_customer: ClassVar[bool] = False
    counted_by_day: ClassVar[bool] = False  # an occasion is a day, not a moment
    task_status: ClassVar[TaskStatus] = TaskStatus.OPEN
    channels: ClassVar[Sequence[Reach]] = (Reach.PHONE,)  # in order of preference
    last_resort: ClassVar[Reach] = Reach.FIND

    @property
    def priority(self) -> int:
        return 1 if self.owed else 2

    @property
    def purpose(self) -> str:
        """The permission that its contacts need."""
        return "service" if self.owed else "recognition"

    @abstractmethod
    def candidates(self, moment: Moment) -> Sequence[Occasions]:
        """All that are due at `moment`, knowing nothing of what happened later: parts of one UNION ALL."""

    @abstractmethod
    def why(self, facts: Mapping[str, Any]) -> str:
        """The occasion in one short sentence, from the stored facts."""

    def stale(self, moment: Moment) -> Sequence[Stale]:
        """By what an enrolled occasion is no longer due."""
        return ()

    def prepare(self, moment: Moment) -> None:  # noqa: B027 - most plays need nothing
        """Write down what the candidates rest on, before they are asked for. Not called by a dry run."""

    def after_tasks(self, moment: Moment) -> None:  # noqa: B027 - most plays need nothing
        """Whatever a new task needs besides itself."""


def said_day(fact: object) -> str:
    """A stored day as one says it: `on Wed 11 Nov 2026`. What is in words already stays."""
    try:
        day = date.fromisoformat(str(fact))
    except ValueError:
        return str(fact or "")
    return f"on {day:%a} {day.day} {day:%b %Y}"
