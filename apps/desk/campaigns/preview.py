"""The preview of a campaign: the number, and the subtraction that leads to it, before anybody is called."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from apps.campaigns.engine import CampaignReport, count
from apps.campaigns.models import Campaign, Verdict
from apps.campaigns.moment import Moment
from apps.campaigns.plays import Play
from apps.campaigns.registry import guards, play_for
from apps.campaigns.sheet import ENROLLED, HOLDOUT, candidate_sheet

from .cost import Cost, cost_of
from .why import Answer, why_not

EXAMPLES = 5
IN = [ENROLLED, HOLDOUT]
WIDTH = 1000  # of the ladder's bars, in their own units


@dataclass(frozen=True)
class Step:
    """One line of the ladder: `left` stays, `cut` falls away; both as widths of its bar."""

    reason: str
    label: str
    meaning: str
    number: int
    left: float
    cut: float


@dataclass(frozen=True)
class Example:
    customer_id: int
    name: str
    why: str
    due_at: datetime | None  # None: in the holdout


@dataclass(frozen=True)
class Preview:
    report: CampaignReport
    steps: list[Step]
    examples: list[Example]
    cost: Cost
    counted_at: datetime
    answer: Answer | None

    @property
    def total(self) -> int:
        """Enrolled, the holdout inside the sum."""
        return self.report.enrolled + self.report.holdout

    @property
    def asked_again(self) -> int:
        """How many are held back by something that may pass."""
        for_good = {"already_enrolled", "before_start"}
        return sum(n for reason, n in self.report.held_back.items() if reason not in for_good)

    @property
    def enrolled_width(self) -> float:
        return _width(self.report.enrolled, self.report.candidates)

    @property
    def holdout_width(self) -> float:
        return _width(self.report.holdout, self.report.candidates)


def preview_of(campaign: Campaign, now: datetime, *, who: str = "") -> Preview:
    """One count of all candidates; `who` asks about one customer."""
    play, moment = play_for(campaign.play), Moment.of(now)
    with candidate_sheet(play, campaign, moment) as verdicts:
        report = count(campaign, verdicts)
        return Preview(
            report=report,
            steps=_steps(report),
            examples=_examples(verdicts, play, moment),
            cost=cost_of(campaign, report.enrolled, moment),
            counted_at=now,
            answer=why_not(who, verdicts, play) if who else None,
        )


def listed(campaign: Campaign, now: datetime, outcome: str = "") -> list[tuple[str, str, str, str, str]]:
    """Every candidate, or those of one outcome (the holdout goes with the enrolled), with why."""
    play, moment = play_for(campaign.play), Moment.of(now)
    labels = outcome_labels()
    with candidate_sheet(play, campaign, moment) as verdicts:
        wanted = {"outcome__in": IN if outcome == ENROLLED else [outcome]} if outcome else {}
        rows = (
            verdicts.filter(**wanted).select_related("customer").order_by("outcome", "customer__external_id")
        )
        return [
            (
                row.customer.external_id,
                row.customer.name,
                row.occasion,
                labels.get(row.outcome, row.outcome),
                play.why(row.facts),
            )
            for row in rows.iterator(chunk_size=5000)
        ]


def outcome_labels() -> dict[str, str]:
    return {ENROLLED: "In", HOLDOUT: "Holdout", **{guard.reason: guard.label for guard in guards()}}


def _steps(report: CampaignReport) -> list[Step]:
    steps, left = [], report.candidates
    for guard in guards():
        number = report.held_back.get(guard.reason, 0)
        if number:
            left -= number
            widths = _width(left, report.candidates), _width(number, report.candidates)
            steps.append(Step(guard.reason, guard.label, guard.meaning, number, *widths))
    return steps


def _examples(verdicts: QuerySet[Verdict], play: Play, moment: Moment) -> list[Example]:
    chosen = verdicts.filter(outcome__in=IN).select_related("customer").order_by("?")
    calendar = moment.calendar
    return [
        Example(
            customer_id=row.customer_id,
            name=row.customer.display_name,
            why=play.why(row.facts),
            due_at=None
            if row.outcome == HOLDOUT
            else calendar.end_of_day(calendar.add_business_days(row.due_from, row.due_days)),
        )
        for row in chosen[:EXAMPLES]
    ]


def _width(number: int, of: int) -> float:
    return round(WIDTH * number / of, 1) if of else 0
