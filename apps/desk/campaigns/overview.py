from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from apps.campaigns.models import Arm, Campaign, Enrollment
from apps.worklist.models import CareTask

from .words import Words, words_for


@dataclass(frozen=True)
class Row:
    """A campaign and what it has done so far."""

    campaign: Campaign
    words: Words
    enrolled: int
    holdout: int
    open: int
    done: int


def overview() -> list[Row]:
    """Every campaign, by two counts over all of them."""
    arms = Counter(dict(_counted(Enrollment.objects.values_list("campaign_id", "arm"))))
    statuses = Counter(dict(_counted(CareTask.objects.values_list("play", "status"))))
    return [
        Row(
            campaign=campaign,
            words=words_for(campaign.play),
            enrolled=arms[campaign.pk, Arm.TREATMENT],
            holdout=arms[campaign.pk, Arm.HOLDOUT],
            open=sum(statuses[campaign.play, status] for status in ("waiting", "open", "held")),
            done=statuses[campaign.play, "done"],
        )
        for campaign in Campaign.objects.select_related("team")
    ]


def _counted(pairs: QuerySet[Any, tuple[Any, ...]]) -> list[tuple[tuple[Any, Any], int]]:
    return [((one, other), number) for one, other, number in pairs.order_by().annotate(Count("pk"))]
