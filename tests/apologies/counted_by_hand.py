"""The oracle: what failure cost, added up by a loop that a child could follow."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.accounts.models import Shop, Team
from apps.apologies.failure_cost import By, Money, Sums
from apps.apologies.models import NEVER_HAPPENED, Compensation, Incident, Offer
from apps.core.models import Event

from .failed_world import FIRST, LAST


def known(incident: Incident) -> bool:
    day = incident.detected_at.astimezone(Shop.current().zone).date()
    return FIRST <= day <= LAST and (incident.resolution != NEVER_HAPPENED or bool(given_for(incident)))


def given_for(incident: Incident) -> list[Compensation]:
    given = [each for offer in incident.offers.all() for each in offer.given.all()]
    return [each for each in given if each.status != "reversed"]


def team_of(incident: Incident) -> Team | None:
    told = [each for each in enrolled(incident) if each.task]
    return told[-1].task.team if told else None


def enrolled(incident: Incident) -> list[Any]:
    mine = incident.customer.enrollments.filter(play="apology", subject_id=incident.pk)
    return sorted(mine, key=lambda each: each.pk)


def key(incident: Incident, by: By) -> Any:
    order, cause = incident.order, incident.cause
    if by == By.CAUSE:
        return cause.pk if cause else None
    if by == By.KIND:
        return incident.kind
    if by == By.PRODUCT:
        return order.items.partition(",")[0][:60].strip(" ") if order else ""
    if by == By.CARRIER:
        return (order.carrier if order else "") or (cause.carrier if cause else "")
    team = team_of(incident)
    return team.pk if team else None


def alone(incident: Incident, now: datetime) -> Sums:
    """The sums of one incident."""
    facts = dict.fromkeys(
        (
            "seconds",
            "delivered",
            "in_time",
            "answered",
            "again",
            "again_known",
            "coupons",
            "coupons_redeemed",
        ),
        0,
    )
    tasks = [enrollment.task for enrollment in enrolled(incident)]
    tasks += [letter.task for offer in incident.offers.all() for letter in offer.letters.all()]
    for task in tasks:
        for attempt in task.attempts.all():
            entry = attempt.time_entry
            facts["seconds"] += entry.seconds if entry and entry.origin == "proactive" else 0
    money: dict[str, Money] = {}
    for each in given_for(incident):
        column = {"issued": "open"}.get(each.status, each.status)
        cost = Decimal(0) if each.status == "expired" else each.cost
        money.setdefault(each.currency, Money())
        money[each.currency] += Money(cost=cost, **{column: each.amount})
        facts["coupons"] += each.kind == "coupon"
        facts["coupons_redeemed"] += each.kind == "coupon" and each.status == "redeemed"
    for offer in incident.offers.all():
        if offer.status == "delivered":
            facts |= arrived(incident, offer, now)
    return Sums(incidents=1, money=money, **facts)


def arrived(incident: Incident, offer: Offer, now: datetime) -> dict[str, int]:
    moves = Event.objects.filter(subject="apologies.offer", subject_id=offer.pk, to_status="delivered")
    at = max(move.at for move in moves)
    end = at + timedelta(days=60)
    bought = [order.placed_at for order in incident.customer.orders.all() if order.status != "cancelled"]
    again = any(at < moment <= end and moment <= now for moment in bought)
    return {
        "delivered": 1,
        "answered": int(Event.objects.filter(subject_id=offer.pk, verb="answered").exists()),
        "in_time": int(at <= offer.due_at),
        "again": int(again),
        "again_known": int(again or end <= now),
    }


@dataclass(frozen=True)
class Counted:
    """One incident, and what it adds."""

    incident: Incident
    team: Team | None
    sums: Sums


def count_all(now: datetime) -> list[Counted]:
    found = [incident for incident in Incident.objects.all() if known(incident)]
    return [Counted(incident, team_of(incident), alone(incident, now)) for incident in found]


def by_hand(by: By, counted: list[Counted], team: Team | None) -> dict[Any, Sums]:
    """`team` is whose failures are seen beside those of no team; None sees all."""
    sums: dict[Any, Sums] = defaultdict(Sums)
    for each in counted:
        if team is None or each.team is None or each.team == team:
            sums[key(each.incident, by)] += each.sums
    return dict(sums)
