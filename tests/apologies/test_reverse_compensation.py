"""What was given is taken back by a manager, with a reason; its money is free again."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import Role, User
from apps.apologies.models import Compensation, Incident
from apps.apologies.refusals import Refused
from apps.apologies.services import expire_compensations, redeem, reverse, unissue
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.worklist.models import CareTask
from tests import factories

from .money import given, make_budget, paths, sums

pytestmark = pytest.mark.django_db


@pytest.fixture
def coupon(manager: User, now: datetime) -> Compensation:
    make_budget()
    return given(manager, now)


def test_what_is_open_is_taken_back(coupon: Compensation, manager: User, now: datetime) -> None:
    reverse(coupon, reason="Sent twice", by=manager, now=now)
    assert (coupon.status, coupon.reversed_reason) == ("reversed", "Sent twice")
    assert paths()[-1] == "outstanding available"
    assert sums(coupon.entries.first().budget) == ("0.00", "0.00", "0.00", "0.00")
    event = Event.objects.get(subject="apologies.compensation", verb="reversed")
    assert (event.actor, event.reason) == (manager, "Sent twice")


def test_what_was_used_is_taken_back(coupon: Compensation, manager: User, now: datetime) -> None:
    redeem(coupon, order="1042", redeemed_at=now, by=None, now=now)
    reverse(coupon, reason="That order was cancelled", by=manager, now=now)
    assert paths()[-1] == "redeemed available"
    assert sums(coupon.entries.first().budget) == ("0.00", "0.00", "0.00", "0.00")


def test_what_ran_out_is_taken_back(coupon: Compensation, manager: User, now: datetime) -> None:
    expire_compensations(now=now + timedelta(days=200))
    reverse(coupon, reason="Given something else", by=manager, now=now)
    assert paths()[-1] == "expired available"
    assert sums(coupon.entries.first().budget) == ("0.00", "0.00", "0.00", "0.00")


def test_twice_is_told(coupon: Compensation, manager: User, now: datetime) -> None:
    reverse(coupon, reason="Sent twice", by=manager, now=now)
    with pytest.raises(Conflict, match="already"):
        reverse(coupon, reason="Sent twice", by=manager, now=now)
    assert paths().count("outstanding available") == 1


def test_it_needs_a_reason(coupon: Compensation, manager: User, now: datetime) -> None:
    with pytest.raises(Refused, match="Say why"):
        reverse(coupon, reason="  ", by=manager, now=now)


@pytest.mark.parametrize("who", ["rep", "marketer"])
def test_only_managers_take_back(
    coupon: Compensation, now: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(PermissionDenied):
        reverse(coupon, reason="Sent twice", by=request.getfixturevalue(who), now=now)
    coupon.refresh_from_db()
    assert coupon.status == "issued"


def test_an_outcome_is_not_taken_back_once_the_coupon_was_used(
    coupon: Compensation, rep: User, now: datetime
) -> None:
    redeem(coupon, order="1042", redeemed_at=now, by=None, now=now)
    with pytest.raises(Conflict, match="cannot be undone"):
        unissue(coupon.offer, by=rep, now=now)


def test_another_teams_manager_takes_nothing_back(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    coupon = given(manager, now, incident, task=task)
    elsewhere = factories.make_user(Role.MANAGER, team=factories.make_team("Elsewhere"))
    with pytest.raises(PermissionDenied):
        reverse(coupon, reason="Sent twice", by=elsewhere, now=now)
