"""Handing an offer to one colleague: never to somebody who has a part in it, nor to one who is away."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import Absence, Role, Team, User
from apps.apologies.models import Offer
from apps.apologies.services import approve, delegate
from apps.apologies.services.decisions import Refused
from apps.core.models import Event
from apps.core.statuses import Conflict
from tests import factories
from tests.apologies.second import ask_for_two


def hand(offer: Offer, to: User, by: User, now: datetime) -> None:
    delegate(offer, to=to, by=by, now=now, version=offer.version)


def test_it_lies_on_the_desk_of_a_colleague_who_decides(
    offer: Offer, manager: User, second_manager: User, now: datetime
) -> None:
    hand(offer, second_manager, manager, now)
    offer = Offer.objects.get()
    assert (offer.approver, offer.status, offer.version) == (second_manager, "proposed", 1)
    event = Event.objects.get(subject="apologies.offer", verb="handed over")
    assert (event.actor, event.reason, event.data["set"]) == (
        manager,
        "To Max Weber",
        {"approver_id": second_manager.pk},
    )
    approve(offer, by=second_manager, now=now, version=1)


def test_never_to_its_proposer(offer: Offer, manager: User, second_manager: User, now: datetime) -> None:
    Offer.objects.update(proposed_by=second_manager)
    offer.refresh_from_db()
    with pytest.raises(Refused, match="Max Weber cannot decide"):
        hand(offer, second_manager, manager, now)


def test_never_to_its_first_approver(
    offer: Offer, manager: User, second_manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_two(monkeypatch)
    approve(offer, by=second_manager, now=now, version=1)
    with pytest.raises(Refused, match="Max Weber cannot decide"):
        hand(offer, second_manager, manager, now)


def test_never_to_those_who_decide_nothing(
    offer: Offer, rep: User, marketer: User, manager: User, second_manager: User, now: datetime
) -> None:
    stranger = factories.make_user(Role.MANAGER, team=factories.make_team("Stores"))
    second_manager.is_active = False
    second_manager.save(update_fields=["is_active"])
    for person in (rep, marketer, stranger, second_manager):
        with pytest.raises(Refused, match="cannot decide on this offer"):
            hand(offer, person, manager, now)
    assert Offer.objects.get().approver is None


def test_never_to_one_who_is_away(offer: Offer, manager: User, second_manager: User, now: datetime) -> None:
    away = {"first_day": now.date() - timedelta(days=2), "last_day": now.date()}
    Absence.objects.create(user=second_manager, **away)
    with pytest.raises(Refused, match="Max Weber is away today"):
        hand(offer, second_manager, manager, now)
    hand(offer, second_manager, manager, now + timedelta(days=1))


def test_absences_before_and_after_today_are_no_absence(
    offer: Offer, manager: User, second_manager: User, now: datetime
) -> None:
    day, one = now.date(), timedelta(days=1)
    Absence.objects.create(user=second_manager, first_day=day - 3 * one, last_day=day - one)
    Absence.objects.create(user=second_manager, first_day=day + one, last_day=day + 3 * one)
    hand(offer, second_manager, manager, now)


def test_who_may_not_decide_hands_nothing_over(
    offer: Offer, rep: User, manager: User, second_manager: User, now: datetime
) -> None:
    with pytest.raises(PermissionDenied):
        hand(offer, second_manager, rep, now)
    Offer.objects.update(proposed_by=manager)
    offer.refresh_from_db()
    with pytest.raises(PermissionDenied):
        hand(offer, second_manager, manager, now)


def test_what_is_decided_is_handed_to_nobody(
    offer: Offer, manager: User, second_manager: User, admin: User, team: Team, now: datetime
) -> None:
    stale = Offer.objects.get()
    approve(offer, by=manager, now=now, version=1)
    with pytest.raises(Conflict):
        hand(stale, admin, second_manager, now)
