"""Days away: one's own, one's team's, everybody's for an admin; and who decides meanwhile."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Absence, User
from apps.accounts.services import NotAnAbsence, add_absence, choose_deputy, remove_absence
from apps.core.models import Event

MONDAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 13)


def add(user: User, by: User, now: datetime, first: date = MONDAY, last: date = FRIDAY) -> Absence:
    return add_absence(user, first_day=first, last_day=last, note="At the sea", by=by, now=now)


def test_everybody_keeps_their_own_and_the_log_knows(rep: User, now: datetime) -> None:
    absence = add(rep, rep, now)
    assert (absence.first_day, absence.last_day, absence.note) == (MONDAY, FRIDAY, "At the sea")
    event = Event.objects.get(subject="accounts.user", verb="away")
    assert (event.actor, event.data) == (rep, {"first_day": "2026-03-09", "last_day": "2026-03-13"})
    remove_absence(absence, by=rep, now=now)
    assert not Absence.objects.exists()
    assert Event.objects.filter(subject="accounts.user", verb="here after all").exists()


def test_a_manager_keeps_their_teams_and_an_admin_all(
    rep: User, other_rep: User, manager: User, admin: User, now: datetime
) -> None:
    add(rep, manager, now)
    add(other_rep, admin, now)
    with pytest.raises(PermissionDenied):
        add(other_rep, manager, now)
    with pytest.raises(PermissionDenied):
        remove_absence(other_rep.absences.get(), by=rep, now=now)
    with pytest.raises(PermissionDenied):
        add(manager, rep, now)


def test_the_last_day_does_not_come_before_the_first(rep: User, now: datetime) -> None:
    with pytest.raises(NotAnAbsence, match="Write the first day first"):
        add(rep, rep, now, FRIDAY, MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=rep, first_day=FRIDAY, last_day=MONDAY)


def test_the_same_days_are_kept_once(rep: User, now: datetime) -> None:
    add(rep, rep, now)
    with pytest.raises(NotAnAbsence, match="known already"):
        add(rep, rep, now, MONDAY + timedelta(days=1), FRIDAY)
    assert Absence.objects.count() == 1


def test_who_is_present_on_a_day(rep: User, manager: User, admin: User, now: datetime) -> None:
    one = timedelta(days=1)
    add(rep, rep, now)
    add(rep, rep, now, FRIDAY + 5 * one, FRIDAY + 6 * one)
    admin.is_active = False
    admin.save(update_fields=["is_active"])
    for day, here in (
        (MONDAY - one, {rep, manager}),
        (MONDAY, {manager}),
        (FRIDAY, {manager}),
        (FRIDAY + one, {rep, manager}),  # between two absences
    ):
        assert set(User.objects.present_on(day)) == here


def test_only_an_admin_chooses_a_deputy_and_never_the_same_person(
    manager: User, second_manager: User, admin: User, now: datetime
) -> None:
    choose_deputy(manager, deputy=second_manager, by=admin, now=now)
    manager.refresh_from_db()
    assert manager.deputy == second_manager
    choose_deputy(manager, deputy=second_manager, by=admin, now=now)
    assert Event.objects.filter(subject="accounts.user", verb="deputy chosen").count() == 1
    for deputy, by in ((manager, admin), (None, manager)):
        with pytest.raises(PermissionDenied):
            choose_deputy(manager, deputy=deputy, by=by, now=now)


def test_one_day_on_ones_own_page(signed_in: Client, rep: User) -> None:
    today = timezone.now().date()
    url = reverse("accounts:add_absence", args=[rep.pk])
    page = signed_in.post(url, {"first_day": today + timedelta(days=3), "note": "Dentist"}, follow=True)
    assert page.redirect_chain == [(reverse("accounts:account"), 302)]
    absence = rep.absences.get()
    assert absence.first_day == absence.last_day == today + timedelta(days=3)
    assert "Dentist" in page.content.decode()
    page = signed_in.post(reverse("accounts:remove_absence", args=[absence.pk]), follow=True)
    assert "Dentist" not in page.content.decode()


def test_a_manager_adds_them_on_a_persons_page(client: Client, manager: User, rep: User) -> None:
    client.force_login(manager)
    today = timezone.now().date()
    days = {"first_day": today, "last_day": today + timedelta(days=4), "note": "Ill"}
    page = client.post(reverse("accounts:add_absence", args=[rep.pk]), days, follow=True)
    assert page.redirect_chain == [(reverse("accounts:person", args=[rep.pk]), 302)]
    assert "Ana Duarte is away then." in page.content.decode()
    assert "Ill" in page.content.decode()


@pytest.mark.parametrize("days", [{"first_day": ""}, {"first_day": "2026-03-13", "last_day": "2026-03-09"}])
def test_what_is_no_absence_is_said(signed_in: Client, rep: User, days: dict[str, str]) -> None:
    page = signed_in.post(reverse("accounts:add_absence", args=[rep.pk]), days, follow=True)
    assert rep.absences.count() == 0
    assert "required" in page.content.decode() or "Write the first day first" in page.content.decode()


def test_another_persons_days_are_not_found(
    signed_in: Client, rep: User, manager: User, now: datetime
) -> None:
    theirs = add(manager, manager, now)
    assert signed_in.post(reverse("accounts:add_absence", args=[manager.pk])).status_code == 404
    assert signed_in.post(reverse("accounts:remove_absence", args=[theirs.pk])).status_code == 404
    assert Absence.objects.count() == 1


def test_the_deputy_is_chosen_in_the_persons_form(
    client: Client, admin: User, manager: User, second_manager: User, rep: User
) -> None:
    client.force_login(admin)
    url = reverse("accounts:person", args=[manager.pk])
    choices = set(client.get(url).context["form"].fields["deputy"].queryset)
    assert choices == {second_manager, admin}
    facts = {"name": manager.name, "email": manager.email, "role": "manager", "team": manager.team_id}
    client.post(url, {**facts, "is_active": "on", "as_shop": "on", "deputy": second_manager.pk})
    manager.refresh_from_db()
    assert manager.deputy == second_manager
