"""Keep an offer in step with its incident: what happened grew worse, or is owed after all."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.core.logged import logged_changes
from apps.core.statuses import Conflict, advance, record
from apps.language import Remedy
from apps.worklist.models import CareTask, Reach, TaskStatus
from apps.worklist.services.undo import OUTCOME_TAKEN_BACK

from ..authors import authors_by, joined
from ..clock import apology_clock
from ..departures import departure_of, given_by_cause
from ..earlier import earlier_of
from ..letters import addressed, has_arrived, is_asked_in_call, letter_of
from ..models import Incident, Offer, OfferStatus
from ..refusals import OverLimit
from ..remedies import facts_for, gift_for
from ..ways import letter_way_of
from .budgets import commit_money
from .delivery import is_out
from .limits import check_limits
from .voiding import release_if_approved, undecided

INCIDENT_CHANGED = "The incident changed"
ANOTHER_WAY = "They are reached another way now"
GIVEN_BEFORE = "They were given the same with another apology"
NEWS_OF_ARRIVAL = "There is news of the parcel's arrival"
CHANGED_SINCE = "Somebody changed this offer or decided on it since."
# What a voided approval puts back
RESTORED = [
    *("for_kind", "for_severity", "for_known_on", "for_arrived"),
    *("words", "compensation", "amount", "cost", "departure", "authors"),
    *("channel", "letter_by", "letter_first", "proposed_at"),
    *("decided_by_id", "decided_at", "decision_note", "approved_hash", "version"),
    *("first_approved_by_id", "first_approved_at", "lapses_at", "due_at", "reminded"),
]


def refresh_offer(incident: Incident, *, by: User | None, now: datetime) -> None:
    """Words and amount that no person has touched are made anew; the others are only put to decide again.

    An approval is void: it was given for something milder. An offer that is being told on the phone
    stays for now: the rep hears the news in the call, and the pass after a call that did not deliver it
    finds it (`refresh_offers`). One whose letter is out stands as it is: its call
    hears the rest.
    """
    offer = incident.offers.select_related("task").order_by("-proposed_at").first()
    if offer is None or offer.status == OfferStatus.DELIVERED or _is_being_told(offer):
        return
    if offer.status == OfferStatus.APPROVED and is_out(offer):
        return
    offer.incident = incident
    _revise(offer, by=by, now=now, reason=INCIDENT_CHANGED)


@transaction.atomic
def refresh_offers(*, now: datetime) -> int:
    """Offers that no longer fit their incident follow it: how many.

    What the offer was made for stands in its row, so a change that came while somebody was on the phone
    is found by the first pass after the call. Offers and tasks are locked first, so that nobody approves
    or takes one meanwhile.
    """
    keys = list(Offer.objects.outdated(now).values_list("pk", flat=True))
    if not keys:
        return 0
    list(Offer.objects.filter(pk__in=keys).select_for_update().order_by("pk").values_list("pk"))
    tasks = CareTask.objects.filter(offer__in=keys)
    list(tasks.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    related = ["incident__customer", "incident__order", "task"]
    outdated = Offer.objects.outdated(now).filter(pk__in=keys).select_related(*related)
    offers = [offer for offer in outdated if _can_follow(offer, now)]
    for offer in offers:
        _revise(offer, by=None, now=now, reason=_why(offer))
    return len(offers)


def follow_channel(task: CareTask, *, why: str, now: datetime) -> dict[str, Any]:
    """An offer is told the way that its task now takes: what it was before, if it had to change.

    An approval is void, because the channel is part of what was approved: the task waits for the next one.
    While somebody works on the task it stays; the pass after that finds it.
    """
    if task.play != "apology" or task.status == TaskStatus.HELD:
        return {}
    related = ["incident__customer", "incident__order", "task"]
    offer = Offer.objects.told_elsewhere().filter(task=task).select_related(*related).first()
    if offer is None:
        return {}
    was = {name: getattr(offer, name) for name in RESTORED}
    _revise(offer, by=None, now=now, reason=f"{why}: {Reach(task.reach).label.lower()}")
    task.refresh_from_db(fields=["status", "facts"])
    return was


def restore_approval(task: CareTask, was: dict[str, Any], *, now: datetime) -> None:
    """The outcome that moved its task was taken back: the offer is approved as it was, by whom it was.

    Raises Conflict where somebody has changed it or decided on it since, or was promised its money.
    """
    offer = Offer.objects.get(task=task)
    if offer.status != OfferStatus.PROPOSED:
        raise Conflict(CHANGED_SINCE)
    untouched = Q(version=was["version"] + 1)
    changes = {**was, "version": offer.version + 1}
    with transaction.atomic():
        advance(
            offer,
            OfferStatus.APPROVED,
            by=None,
            now=now,
            reason=OUTCOME_TAKEN_BACK,
            changes=changes,
            only_if=untouched,
        )
        _commit_again(offer, now)


def _commit_again(offer: Offer, now: datetime) -> None:
    """The money that its approval had set aside; somebody else may have been promised it since."""
    offer.refresh_from_db()
    if offer.decided_by is None:
        return
    try:
        check_limits(offer, by=offer.decided_by, now=now)
        commit_money(offer, by=offer.decided_by, now=now)
    except OverLimit as reason:
        raise Conflict(str(reason)) from reason


def wait_for_approval(task_id: int, *, by: User | None, now: datetime, reason: str) -> None:
    """Put an apology's task back behind its approval."""
    task = CareTask.objects.get(pk=task_id)
    if task.status == TaskStatus.WITHDRAWN:
        again = {"closed_at": None, "close_reason": ""}
        advance(task, TaskStatus.WAITING, by=by, now=now, reason=reason, changes=again)
    elif task.status == TaskStatus.OPEN:
        advance(task, TaskStatus.WAITING, by=by, now=now, reason=reason)


def decide_again(offer: Offer, *, by: User | None, now: datetime, reason: str) -> None:
    """It is undecided as it stands: its money is free, its task waits."""
    release_if_approved(offer, by=by, now=now, reason=reason)
    changes = {**undecided(), "version": offer.version + 1}
    advance(offer, OfferStatus.PROPOSED, by=by, now=now, reason=reason, changes=changes)
    if offer.task_id:
        wait_for_approval(offer.task_id, by=by, now=now, reason=reason)


def _revise(offer: Offer, *, by: User | None, now: datetime, reason: str) -> None:
    """`offer` comes with its incident and its task."""
    incident = offer.incident
    is_returned = offer.status == OfferStatus.RETURNED and _fits(offer)  # it still waits for its change
    way = _way(offer, incident, offer.task.reach if offer.task else offer.channel)
    in_call = is_asked_in_call(way["channel"], letter_by=way["letter_by"], letter_first=way["letter_first"])
    changes = {
        **({} if is_returned else undecided()),
        **_clock(offer, incident),
        "words": addressed(offer.words, by_phone=in_call),
        **(_anew(offer, incident, now, in_call=in_call) if offer.proposed_by_id is None else {}),
        **way,
        "for_kind": incident.kind,
        "for_severity": incident.severity,
        "for_known_on": incident.known_on,
        "for_arrived": _has_arrived(incident, now),
        "version": offer.version + 1,
    }
    unedited = Q(version=offer.version)
    release_if_approved(offer, by=by, now=now, reason=reason)
    if offer.status == OfferStatus.PROPOSED or is_returned:
        if not Offer.objects.filter(unedited, pk=offer.pk, status=offer.status).update(**changes):
            raise Conflict(CHANGED_SINCE)
        for name, value in changes.items():
            setattr(offer, name, value)
        record(offer, "refreshed", by=by, now=now, reason=reason, set=logged_changes(Offer, changes))
    else:
        advance(offer, OfferStatus.PROPOSED, by=by, now=now, reason=reason, changes=changes, only_if=unedited)
    if offer.task:
        _tell_the_task(offer.task, incident)
        wait_for_approval(offer.task.pk, by=by, now=now, reason=reason)


def _tell_the_task(task: CareTask, incident: Incident) -> None:
    """The reason that a rep reads is the one that the letter gives."""
    task.facts = {**task.facts, "kind": incident.kind}
    if incident.is_private:
        task.facts.pop("detail", None)
    task.save(update_fields=["facts"])


def _anew(offer: Offer, incident: Incident, now: datetime, *, in_call: bool) -> dict[str, object]:
    """Words and gift as if it were proposed now."""
    earlier = earlier_of(offer, now=now)
    gift = _gift(offer, earlier)
    return {
        "words": letter_of(incident, gift, earlier=earlier, by_phone=in_call, now=now),
        "compensation": gift.kind,
        "amount": gift.amount,
        "cost": gift.amount,
        "departure": departure_of(offer),
        "authors": joined(authors_by(incident.cause)),
        "proposed_at": now,
    }


def _gift(offer: Offer, earlier: tuple[Remedy, ...]) -> Remedy:
    facts = facts_for(offer.incident, currency=offer.currency, earlier=earlier)
    return gift_for(facts, by_cause=given_by_cause(offer))


def _way(offer: Offer, incident: Incident, channel: str) -> dict[str, Any]:
    """Another channel has another letter; on the same one the letter goes as somebody chose."""
    if channel == offer.channel:
        return {"channel": channel, "letter_by": offer.letter_by, "letter_first": offer.letter_first}
    way = letter_way_of(incident.customer, channel)
    return {"channel": channel, "letter_by": way, "letter_first": False}


def _fits(offer: Offer) -> bool:
    """Was it made for what its incident is now?"""
    made_for = (offer.for_kind, offer.for_severity, offer.for_known_on)
    return made_for == (offer.incident.kind, offer.incident.severity, offer.incident.known_on)


def _can_follow(offer: Offer, now: datetime) -> bool:
    """One that only repeats a gift follows where something else is left to give."""
    if not getattr(offer, "is_only_repeated", False):
        return True
    return _gift(offer, earlier_of(offer, now=now)).kind != offer.compensation


def _why(offer: Offer) -> str:
    if getattr(offer, "is_only_repeated", False):
        return GIVEN_BEFORE
    if offer.task is None or not _fits(offer):
        return INCIDENT_CHANGED
    if offer.channel == offer.task.reach:
        return NEWS_OF_ARRIVAL
    return f"{ANOTHER_WAY}: {Reach(offer.task.reach).label.lower()}"


def _has_arrived(incident: Incident, now: datetime) -> bool:
    return has_arrived(incident.kind, incident.order.delivered_at if incident.order else None, now)


def _clock(offer: Offer, incident: Incident) -> dict[str, object]:
    """What grew worse is owed sooner, and its reminders begin anew."""
    if offer.for_severity == incident.severity:
        return {}
    return {"due_at": apology_clock()(incident.detected_at, incident.severity), "reminded": 0}


def _is_being_told(offer: Offer) -> bool:
    return offer.task is not None and offer.task.status in {TaskStatus.HELD, TaskStatus.DONE}
