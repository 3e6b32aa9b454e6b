from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from apps.campaigns.registry import Condition, Guard
from apps.worklist.models import CareTask, TaskStatus

from .detection import owing_orders, reported_incidents

if TYPE_CHECKING:
    from apps.campaigns.models import Campaign
    from apps.campaigns.moment import Moment
    from apps.campaigns.plays import Play

LIVE = [TaskStatus.WAITING, TaskStatus.OPEN, TaskStatus.HELD]


def _open_incident(play: "Play", campaign: "Campaign", moment: "Moment") -> "Condition | None":
    """Something is still to be put right: nobody is thanked or welcomed before that."""
    if play.owed:
        return None
    theirs = {"customer": OuterRef("customer")}
    apology = CareTask.objects.filter(**theirs, play="apology", status__in=LIVE)
    return (
        Exists(owing_orders(moment).filter(**theirs))
        | Exists(reported_incidents(moment).filter(**theirs))
        | Exists(apology)
    )


OPEN_INCIDENT = Guard(
    reason="open_incident",
    label="An open incident",
    meaning="We failed them, and it is not put right yet",
    order=50,
    condition=_open_incident,
)
