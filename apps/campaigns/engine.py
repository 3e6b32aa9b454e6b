"""One pass: for each campaign find who is due, ask the guards, enrol, plan, take back what is no longer due.

Each campaign is one transaction that holds its row, so two passes at once do nothing twice: the second waits,
and then finds everybody enrolled.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from .enrolling import enrol
from .models import Campaign, Verdict
from .moment import Moment
from .planner import room_today
from .plays import Play
from .registry import guards, plays
from .sheet import ENROLLED, HOLDOUT, candidate_sheet
from .withdrawal import count_stale, withdraw_stale

Listing = Callable[[Iterable[tuple[str, ...]]], Any]
LISTED = ("play", "customer", "occasion", "kind", "outcome")


@dataclass(frozen=True)
class CampaignReport:
    """What a pass did for one campaign: `candidates` is the sum of all held back, holdout and enrolled."""

    play: str
    campaign: str
    candidates: int
    held_back: dict[str, int]
    holdout: int
    enrolled: int
    tasks_opened: int = 0
    withdrawn: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class PassReport:
    at: datetime
    campaigns: list[CampaignReport]

    def as_json(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "campaigns": [asdict(report) for report in self.campaigns]}


def run_pass(
    *,
    at: datetime,
    dry_run: bool = False,
    plays: Collection[str] | None = None,
    listing: Listing | None = None,
) -> PassReport:
    """One pass over the campaigns that are on, or, as a dry run that writes nothing, over all.

    `plays` narrows it to some; `listing` is given rows of `LISTED`, one for each candidate.
    """
    moment = Moment.of(at)
    one_pass = preview_campaign if dry_run else pass_campaign
    reports = [one_pass(play, campaign, moment, listing) for play, campaign in _chosen(plays, dry_run)]
    return PassReport(moment.at, reports)


def pass_campaign(
    play: Play, campaign: Campaign, moment: Moment, listing: Listing | None = None
) -> CampaignReport:
    """Enrol for one campaign, in one transaction that holds its row."""
    began = monotonic()
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
        play.prepare(moment)
        withdrawn = withdraw_stale(play, moment)
        with candidate_sheet(play, campaign, moment) as verdicts:
            report = count(campaign, verdicts)
            opened = enrol(play, campaign, moment, verdicts)
            _list(verdicts, play, listing)
        play.after_tasks(moment)
        Campaign.objects.filter(pk=campaign.pk).update(last_pass_at=moment.at)
    return replace(report, tasks_opened=opened, withdrawn=withdrawn, seconds=_since(began))


def preview_campaign(
    play: Play, campaign: Campaign, moment: Moment, listing: Listing | None = None
) -> CampaignReport:
    """The same numbers, and nothing is written."""
    began = monotonic()
    with candidate_sheet(play, campaign, moment) as verdicts:
        report = count(campaign, verdicts)
        _list(verdicts, play, listing)
    room = room_today(play, campaign, moment)
    opened = report.enrolled if room is None else min(report.enrolled, room)
    return replace(report, tasks_opened=opened, withdrawn=count_stale(play, moment), seconds=_since(began))


def count(campaign: Campaign, verdicts: QuerySet[Verdict]) -> CampaignReport:
    """The ladder: how many candidates, and what became of them, in the order in which guards ask."""
    found = dict(verdicts.order_by().values_list("outcome").annotate(Count("occasion")))
    held_back = {guard.reason: found[guard.reason] for guard in guards() if guard.reason in found}
    return CampaignReport(
        play=campaign.play,
        campaign=campaign.name,
        candidates=sum(found.values()),
        held_back=held_back,
        holdout=found.get(HOLDOUT, 0),
        enrolled=found.get(ENROLLED, 0),
    )


def _chosen(codes: Collection[str] | None, dry_run: bool) -> list[tuple[Play, Campaign]]:
    campaigns = Campaign.objects.all() if dry_run else Campaign.objects.filter(is_on=True)
    by_play = {campaign.play: campaign for campaign in campaigns}
    wanted = [play for play in plays() if codes is None or play.code in codes]
    return [(play, by_play[play.code]) for play in wanted if play.code in by_play]


def _list(verdicts: QuerySet[Verdict], play: Play, listing: Listing | None) -> None:
    if listing is not None:
        rows = verdicts.order_by("customer__external_id", "occasion").values_list(
            "customer__external_id", "occasion", "kind", "outcome"
        )
        listing((play.code, *row) for row in rows.iterator(chunk_size=5000))


def _since(began: float) -> float:
    return round(monotonic() - began, 3)
