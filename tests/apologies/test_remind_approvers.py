"""The approver's clock: business hours by severity, reminders at half and four fifths, then a deputy."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Absence, Role, Shop, Team, User
from apps.apologies.clock import apology_clock
from apps.apologies.models import Incident, Offer
from apps.apologies.services import (
    approve,
    edit_offer,
    propose_missing_offers,
    remind_approvers,
    report_incident,
)
from apps.apologies.tasks import tick
from apps.core.models import Event
from apps.desk.places import waiting_counts
from tests import factories
from tests.apologies.conftest import owe
from tests.apologies.second import ask_for_two

MAUNDY = datetime(2026, 4, 2, 13, 0, tzinfo=UTC)  # a Thursday, 15:00 in Berlin; Easter until Tuesday
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
Away = Callable[[User, datetime], None]


def berlin(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of summer time, as the shop's clocks show it."""
    return datetime(2026, month, day, hour - 2, minute, tzinfo=UTC)


@pytest.fixture
def offer(shop: Shop, team: Team) -> Offer:
    """Serious, known at 15:00 on the Thursday before Easter: four business hours."""
    order = factories.make_order()
    incident = factories.make_incident(
        order.customer, order=order, kind="lost", severity="serious", detected_at=MAUNDY
    )
    owe(incident, team=team)
    propose_missing_offers(now=MAUNDY)
    return Offer.objects.get()


def away(user: User, at: datetime) -> None:
    Absence.objects.create(user=user, first_day=at.date(), last_day=at.date())


def events() -> list[str]:
    rows = Event.objects.filter(subject="apologies.offer", verb__in=["reminded", "handed over"])
    return list(rows.order_by("pk").values_list("reason", flat=True))


@pytest.mark.parametrize(
    ("severity", "due"),
    [
        ("serious", berlin(4, 7, 11)),  # two hours on Thursday, two on Tuesday after Easter
        ("moderate", berlin(4, 7, 15)),
        ("minor", berlin(4, 8, 15)),
    ],
)
def test_it_is_due_within_business_hours_by_severity(shop: Shop, severity: str, due: datetime) -> None:
    assert apology_clock()(MAUNDY, severity) == due


def test_a_proposal_is_due_by_the_clock_and_sooner_once_it_grew_worse(
    offer: Offer, rep: User, team: Team
) -> None:
    assert offer.due_at == berlin(4, 7, 11)
    mild = factories.make_order()
    incident = factories.make_incident(
        mild.customer, order=mild, kind="other", severity="minor", detected_at=MAUNDY
    )
    owe(incident, team=team)
    propose_missing_offers(now=MAUNDY)
    assert incident.offers.get().due_at == berlin(4, 8, 15)
    Offer.objects.update(reminded=1)
    report_incident(
        mild.customer,
        kind="wrong",
        severity="moderate",
        detail="Wrong.",
        order=mild,
        by=rep,
        now=MAUNDY + HOUR,
    )
    worse = incident.offers.get()
    assert (worse.due_at, worse.reminded) == (berlin(4, 7, 15), 0)


def test_time_steps_over_weekend_and_holiday(offer: Offer, manager: User, second_manager: User) -> None:
    at = MAUNDY
    seen: list[tuple[datetime, int]] = []
    while at <= berlin(4, 7, 12):
        remind_approvers(now=at)
        reminded = Offer.objects.get().reminded
        if reminded != (seen[-1][1] if seen else 0):
            seen.append((at, reminded))
        at += 6 * MINUTE
    half, four_fifths, over = berlin(4, 2, 17), berlin(4, 7, 10, 12), berlin(4, 7, 11)
    assert seen == [(half, 1), (four_fifths, 2), (over, 3)]
    assert events() == [
        "Half of the time is over",
        "Four fifths of the time are over",
        "It is owed by now",
    ]


def test_a_second_run_changes_nothing(offer: Offer, manager: User) -> None:
    for at in (berlin(4, 2, 17), berlin(4, 7, 10, 30), berlin(4, 7, 11)):
        remind_approvers(now=at)
        before = (Event.objects.count(), Offer.objects.values().get())
        assert remind_approvers(now=at) == {"away": 0, "late": 0, "reminded": 0}
        assert (Event.objects.count(), Offer.objects.values().get()) == before


def test_after_a_pause_only_the_last_reminder_comes(offer: Offer, manager: User) -> None:
    remind_approvers(now=berlin(4, 7, 10, 30))
    assert events() == ["Four fifths of the time are over"]


def test_at_the_full_time_a_manager_of_the_team_has_it(offer: Offer, manager: User, admin: User) -> None:
    remind_approvers(now=offer.due_at)
    assert Offer.objects.get().approver == manager


def test_the_approvers_own_deputy_comes_first(
    offer: Offer, manager: User, second_manager: User, admin: User
) -> None:
    manager.deputy = admin
    manager.save(update_fields=["deputy"])
    Offer.objects.update(approver=manager)
    remind_approvers(now=offer.due_at)
    assert Offer.objects.get().approver == admin


def test_an_absent_deputy_is_passed_over(
    offer: Offer, manager: User, second_manager: User, admin: User
) -> None:
    manager.deputy = admin
    manager.save(update_fields=["deputy"])
    away(admin, offer.due_at)
    Offer.objects.update(approver=manager)
    remind_approvers(now=offer.due_at)
    assert Offer.objects.get().approver == second_manager


def test_who_is_away_is_skipped_at_once(offer: Offer, manager: User, second_manager: User) -> None:
    away(manager, MAUNDY)
    Offer.objects.update(approver=manager)
    remind_approvers(now=MAUNDY + MINUTE)
    assert (Offer.objects.get().approver, Offer.objects.get().reminded) == (second_manager, 0)
    assert events() == ["Ida Holm is not here today"]
    assert remind_approvers(now=MAUNDY + MINUTE)["away"] == 0


def test_who_left_or_decides_no_more_is_skipped_too(
    offer: Offer, manager: User, second_manager: User
) -> None:
    Offer.objects.update(approver=manager)
    manager.role = Role.REP
    manager.save(update_fields=["role"])
    remind_approvers(now=MAUNDY + MINUTE)
    assert Offer.objects.get().approver == second_manager


def test_with_nobody_here_it_lies_with_the_team(offer: Offer, manager: User) -> None:
    away(manager, MAUNDY)
    Offer.objects.update(approver=manager)
    remind_approvers(now=MAUNDY + MINUTE)
    assert Offer.objects.get().approver is None
    remind_approvers(now=offer.due_at)
    assert events()[-1] == "It is owed by now"
    assert Offer.objects.get().approver == manager  # back after Easter


def test_the_proposer_and_the_first_approver_are_no_deputies(
    offer: Offer,
    manager: User,
    second_manager: User,
    admin: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask_for_two(monkeypatch)
    Offer.objects.update(proposed_by=manager)
    offer.refresh_from_db()
    approve(offer, by=second_manager, now=MAUNDY, version=1)
    remind_approvers(now=offer.due_at)
    assert Offer.objects.get().approver == admin


def test_another_teams_manager_is_no_deputy(offer: Offer) -> None:
    factories.make_user(Role.MANAGER, team=factories.make_team("Stores"))
    remind_approvers(now=offer.due_at)
    offer = Offer.objects.get()
    assert (offer.approver, offer.reminded) == (None, 3)
    assert events() == ["It is owed by now. Nobody else is here to decide"]


def test_many_late_offers_are_spread(offer: Offer, manager: User, second_manager: User, team: Team) -> None:
    for _ in range(5):
        order = factories.make_order()
        owe(factories.make_incident(order.customer, order=order, detected_at=MAUNDY), team=team)
    propose_missing_offers(now=MAUNDY)
    remind_approvers(now=MAUNDY + timedelta(days=9))
    counts = [Offer.objects.filter(approver=person).count() for person in (manager, second_manager)]
    assert counts == [3, 3]


@pytest.mark.parametrize("status", ["approved", "declined"])
def test_what_is_decided_reminds_nobody(offer: Offer, manager: User, status: str) -> None:
    Offer.objects.update(status=status, decided_by=manager, decided_at=MAUNDY)
    assert remind_approvers(now=MAUNDY + timedelta(days=9)) == {"away": 0, "late": 0, "reminded": 0}


def test_the_tick_reminds_and_lapses(offer: Offer, manager: User) -> None:
    tick()
    assert Offer.objects.get().reminded == 3


def test_detected_at_night_the_clock_begins_with_the_shops_day(shop: Shop, incident: Incident) -> None:
    night = datetime(2026, 3, 4, 22, 0, tzinfo=UTC)
    assert apology_clock()(night, "serious") == datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("status", ["returned", "withdrawn"])
def test_what_came_back_is_reminded_of_and_goes_to_no_deputy(
    client: Client, offer: Offer, manager: User, rep: User, status: str
) -> None:
    decided = {"decided_by": manager, "decided_at": MAUNDY} if status == "returned" else {}
    Offer.objects.update(status=status, **decided)
    for at in (berlin(4, 2, 17), berlin(4, 7, 10, 30), berlin(4, 7, 11), berlin(4, 7, 12)):
        remind_approvers(now=at)
    assert events() == [
        "Half of the time is over",
        "Four fifths of the time are over",
        "It is owed by now, and still to be changed",
    ]
    assert Offer.objects.get().approver is None
    client.force_login(rep)
    page = client.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    assert "Still to be changed" in page
    assert "Owed since" in page


def test_a_rep_sees_how_many_came_back(client: Client, offer: Offer, manager: User, rep: User) -> None:
    assert waiting_counts(rep, ["desk:approvals"], MAUNDY) == {"desk:approvals": 0}
    Offer.objects.update(status="returned", decided_by=manager, decided_at=MAUNDY)
    assert waiting_counts(rep, ["desk:approvals"], MAUNDY) == {"desk:approvals": 1}
    assert waiting_counts(manager, ["desk:approvals"], MAUNDY) == {"desk:approvals": 0}


def test_a_second_approval_whose_first_came_late_gets_a_deputy(
    offer: Offer, manager: User, second_manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_two(monkeypatch)
    remind_approvers(now=offer.due_at)
    offer.refresh_from_db()
    assert offer.approver == manager
    approve(offer, by=manager, now=offer.due_at, version=1)
    offer.refresh_from_db()
    assert (offer.status, offer.approver) == ("seconding", None)
    remind_approvers(now=offer.due_at + MINUTE)
    assert Offer.objects.get().approver == second_manager


def test_an_edit_by_whoever_has_it_late_gets_a_deputy(
    offer: Offer, manager: User, second_manager: User
) -> None:
    remind_approvers(now=offer.due_at)
    offer.refresh_from_db()
    edit = {"words": "We are sorry.", "compensation": offer.compensation, "amount": offer.amount}
    edit_offer(offer, by=manager, now=offer.due_at, version=1, **edit)  # type: ignore[arg-type]
    remind_approvers(now=offer.due_at + MINUTE)
    assert Offer.objects.get().approver == second_manager


@pytest.mark.parametrize("hours", [{}, {"0": []}])
def test_a_shop_without_hours_counts_the_usual_week(
    client: Client, shop: Shop, admin: User, hours: dict[str, list[list[str]]]
) -> None:
    Shop.objects.update(hours=hours)
    assert apology_clock(Shop.current())(MAUNDY, "serious") == berlin(4, 7, 11)
    client.force_login(admin)
    page = client.get(reverse("accounts:shop")).content.decode()
    assert "No working hours are kept." in page
    assert 'value="09:00-17:00"' in page
    Shop.objects.update(hours={"0": [["09:00", "17:00"]]})
    assert "No working hours" not in client.get(reverse("accounts:shop")).content.decode()
