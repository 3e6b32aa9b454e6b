"""How good each rule is, by what writers made of its findings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from .categories import category_name
from .models import Choice, Reason, Verdict

ENOUGH = 10  # findings that were used or kept as wrong, before a percentage says anything
BAD = 0.5


@dataclass(frozen=True)
class RuleFigures:
    """Counts of findings of one rule. Reasons are those of the kept ones."""

    rule: str
    category: str
    shown: int
    used: int
    changed: int
    left: int
    true: int
    customer: int
    wrong: int
    other: int

    @property
    def category_name(self) -> str:
        return category_name(self.category)

    @property
    def judged(self) -> int:
        return self.used + self.wrong

    @property
    def precision(self) -> float | None:
        """The share of the judged that was right: used / (used + kept as wrong); None for too few."""
        return self.used / self.judged if self.judged >= ENOUGH else None

    @property
    def is_bad(self) -> bool:
        return self.precision is not None and self.precision < BAD


def rule_figures(*, since: datetime) -> list[RuleFigures]:
    """Each rule that was shown since then, the worst first; last those of which too little is known."""
    return sorted((RuleFigures(**row) for row in _counted(since)), key=_worst_first)


def _counted(since: datetime) -> Any:
    choices = {
        choice.value: Count("pk", filter=Q(choice=choice))
        for choice in (Choice.USED, Choice.CHANGED, Choice.LEFT)
    }
    reasons = {reason.value: Count("pk", filter=Q(reason=reason)) for reason in Reason}
    counted = Verdict.objects.filter(at__gte=since).values("rule", "category")
    return counted.annotate(shown=Count("pk"), **choices, **reasons).order_by("rule")


def _worst_first(row: RuleFigures) -> tuple[bool, float, int, int, str]:
    precision = row.precision
    return (precision is None, precision or 0.0, -row.wrong, -row.shown, row.rule)
