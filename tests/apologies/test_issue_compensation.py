"""What was approved is given: once, to the cent, only as approved."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from apps.accounts.models import Role, User
from apps.apologies.codes import normal
from apps.apologies.models import Compensation, CouponCode, LedgerEntry, Limit, Offer
from apps.apologies.refusals import OverLimit
from apps.apologies.services import commit_money, issue, reverse, unissue
from apps.core.logged import logged
from apps.core.models import Event
from apps.core.statuses import Conflict
from tests import factories

from .money import approved_offer, given, make_budget, paths, sums

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(manager: User, now: datetime) -> Offer:
    offer = approved_offer(manager, amount=Decimal("12.35"), cost=Decimal("4.20"))
    commit_money(offer, by=manager, now=now)
    return offer


def make_code(code: str = "SORRY-1", **fields: object) -> CouponCode:
    defaults = {
        "amount": Decimal("12.35"),
        "currency": "EUR",
        "imported_at": datetime(2026, 3, 1).astimezone(),
    }
    return CouponCode.objects.create(code=code, **{**defaults, **fields})


def test_exactly_what_was_approved_is_given(approved: Offer, rep: User, now: datetime) -> None:
    row = issue(approved, by=rep, now=now)
    row.refresh_from_db()
    assert (row.kind, row.amount, row.cost, row.currency) == (
        "coupon",
        Decimal("12.35"),
        Decimal("4.20"),
        "EUR",
    )
    assert (row.status, row.issued_by, row.issued_at) == ("issued", rep, now)
    assert row.code and normal(row.code) == row.code
    assert row.expires_on == now.date() + timedelta(days=180)


def test_twice_gives_the_same_row(approved: Offer, rep: User, now: datetime) -> None:
    first = issue(approved, by=rep, now=now)
    assert issue(approved, by=rep, now=now + timedelta(days=1)) == first
    assert paths() == ["available committed", "committed outstanding"]


def test_the_budget_has_spent_it(manager: User, now: datetime) -> None:
    budget = make_budget()
    given(manager, now)
    assert sums(budget) == ("0.00", "10.00", "0.00", "0.00")


def test_the_event_log_can_rebuild_it(approved: Offer, rep: User, now: datetime) -> None:
    row = issue(approved, by=rep, now=now)
    event = Event.objects.get(subject="apologies.compensation", subject_id=row.pk)
    assert (event.verb, event.to_status, event.actor) == ("issued", "issued", rep)
    assert event.data["set"] == logged(row)


@pytest.mark.parametrize("kind", ["refund", "credit", "gift", "replacement", "waived_fee"])
def test_only_a_coupon_has_a_code(manager: User, now: datetime, kind: str) -> None:
    row = given(manager, now, compensation=kind)
    assert (row.code, row.expires_on) == (None, None)


def test_an_approval_from_before_the_ledger_sets_its_money_aside(manager: User, now: datetime) -> None:
    budget = make_budget()
    issue(approved_offer(manager), by=None, now=now)
    assert paths() == ["available committed", "committed outstanding"]
    assert sums(budget)[:2] == ("0.00", "10.00")


def test_such_an_approval_needs_room_in_the_budget(manager: User, now: datetime) -> None:
    make_budget("9.99")
    with pytest.raises(OverLimit):
        issue(approved_offer(manager), by=None, now=now)
    assert not Compensation.objects.exists()
    assert not Event.objects.filter(subject="apologies.compensation").exists()


@pytest.mark.parametrize("change", [{"amount": "99.00"}, {"words": "Sorry."}, {"cost": "0.01"}])
def test_what_was_not_approved_is_not_given(
    approved: Offer, rep: User, now: datetime, change: dict[str, str]
) -> None:
    Offer.objects.filter(pk=approved.pk).update(**change)
    with pytest.raises(Conflict, match="not what was approved"):
        issue(approved, by=rep, now=now)
    assert not Compensation.objects.exists()


def test_what_is_not_approved_is_not_given(approved: Offer, rep: User, now: datetime) -> None:
    Offer.objects.filter(pk=approved.pk).update(status="proposed", decided_by=None)
    with pytest.raises(Conflict, match="not approved"):
        issue(approved, by=rep, now=now)


def test_an_incident_that_was_closed_otherwise_is_owed_nothing(
    approved: Offer, rep: User, now: datetime
) -> None:
    type(approved.incident).objects.update(status="resolved", resolved_at=now, resolution="A mistake")
    with pytest.raises(Conflict, match="A mistake"):
        issue(approved, by=rep, now=now)


def test_a_delivered_offer_is_given_though_its_incident_is_closed(
    approved: Offer, rep: User, now: datetime
) -> None:
    type(approved.incident).objects.update(status="resolved", resolved_at=now, resolution="Delivered")
    Offer.objects.filter(pk=approved.pk).update(status="delivered")
    assert issue(approved, by=rep, now=now).status == "issued"


def test_a_limit_that_was_lowered_holds(approved: Offer, rep: User, now: datetime) -> None:
    Limit.objects.create(role="manager", one_offer=Decimal("12.34"))
    with pytest.raises(OverLimit):
        issue(approved, by=rep, now=now)
    assert LedgerEntry.objects.count() == 1


def test_what_was_approved_later_by_a_further_word_stops_nothing(
    approved: Offer, admin: User, rep: User, now: datetime
) -> None:
    later = {"decided_at": now + timedelta(hours=1), "amount": Decimal(900)}
    approved_offer(admin, factories.make_incident(approved.incident.customer), **later)
    assert issue(approved, by=rep, now=now + timedelta(hours=2)).amount == Decimal("12.35")


def test_an_approver_who_changed_roles_has_given_their_word(
    approved: Offer, manager: User, rep: User, now: datetime
) -> None:
    User.objects.filter(pk=manager.pk).update(role=Role.MARKETER)
    assert issue(approved, by=rep, now=now).status == "issued"


def test_a_code_of_the_shops_own_goes_first(approved: Offer, rep: User, now: datetime) -> None:
    pooled = make_code(expires_on=date(2026, 12, 31))
    row = issue(approved, by=rep, now=now)
    pooled.refresh_from_db()
    assert (row.code, row.expires_on, pooled.compensation) == ("SORRY-1", date(2026, 12, 31), row)


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": Decimal("12.36")},
        {"currency": "USD"},
        {"expires_on": date(2026, 4, 2)},
    ],
)
def test_a_code_that_does_not_fit_stays(
    approved: Offer, rep: User, now: datetime, fields: dict[str, object]
) -> None:
    pooled = make_code(**fields)
    row = issue(approved, by=rep, now=now)
    pooled.refresh_from_db()
    assert row.code != "SORRY-1"
    assert pooled.compensation is None


def test_taken_back_within_seconds_it_is_given_anew(manager: User, rep: User, now: datetime) -> None:
    budget, offer = make_budget(), approved_offer(manager)
    commit_money(offer, by=manager, now=now)
    first = issue(offer, by=rep, now=now)
    unissue(offer, by=rep, now=now)
    assert sums(budget) == ("10.00", "0.00", "0.00", "0.00")
    second = issue(offer, by=rep, now=now)
    first.refresh_from_db()
    assert (first.status, second.status) == ("reversed", "issued")
    assert first.code != second.code
    assert paths()[2:] == ["outstanding committed", "committed outstanding"]
    assert sums(budget) == ("0.00", "10.00", "0.00", "0.00")


def test_taking_back_nothing_is_nothing(approved: Offer, rep: User, now: datetime) -> None:
    unissue(approved, by=rep, now=now)
    assert paths() == ["available committed"]


def test_what_a_manager_took_back_is_not_given_again(
    approved: Offer, manager: User, rep: User, now: datetime
) -> None:
    reverse(issue(approved, by=rep, now=now), reason="A mistake", by=manager, now=now)
    with pytest.raises(Conflict, match="taken back"):
        issue(approved, by=rep, now=now)
    commit_money(approved, by=manager, now=now)  # approved anew
    assert issue(approved, by=rep, now=now).status == "issued"


def test_what_is_given_is_not_set_aside_again(approved: Offer, rep: User, now: datetime) -> None:
    issue(approved, by=rep, now=now)
    with pytest.raises(Conflict, match="already given"):
        commit_money(approved, by=rep, now=now)
