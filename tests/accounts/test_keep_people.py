"""Adding people, changing what they are, giving a new password: by an admin, each leaving an event."""

import re
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.accounts.services import LastAdmin, add_person, change_person, reset_password
from apps.accounts.signals import person_left
from apps.core.models import Event
from tests import factories

SHOWN = re.compile(r"<code>([a-z0-9-]{19})</code>")


@pytest.fixture
def at_the_desk(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


def form_of(user: User, **changes: object) -> dict[str, object]:
    fields = {"name": user.name, "email": user.email, "role": user.role, "team": user.team_id or ""}
    return {**fields, "is_active": "on", "as_shop": "on", **changes}


def test_an_admin_adds_a_person_and_sees_the_password_once(at_the_desk: Client, team: Team) -> None:
    fields = {"name": "Mei Zhao", "email": " Mei@Example.com ", "role": "rep", "team": team.pk}
    answer = at_the_desk.post("/people/add/", fields)
    password = SHOWN.search(answer.content.decode())
    mei = User.objects.get(email="mei@example.com")
    assert password
    assert mei.check_password(password[1])
    assert mei.team == team
    assert "no-store" in answer["Cache-Control"]
    assert Event.objects.get(subject="accounts.user", subject_id=mei.pk).verb == "added"
    assert password[1] not in at_the_desk.get(f"/people/{mei.pk}/").content.decode()


def test_an_address_is_used_once(at_the_desk: Client, rep: User) -> None:
    answer = at_the_desk.post("/people/add/", {"name": "Other", "email": rep.email.upper(), "role": "rep"})
    assert "already signs in with this address" in answer.content.decode()
    assert User.objects.filter(email__iexact=rep.email).count() == 1


def test_the_new_password_opens_the_door(at_the_desk: Client, rep: User) -> None:
    answer = at_the_desk.post(f"/people/{rep.pk}/password/")
    password = SHOWN.search(answer.content.decode())
    assert password
    assert Client().login(email=rep.email, password=password[1])


def test_a_new_password_ends_the_old_sessions(client: Client, rep: User, admin: User, now: datetime) -> None:
    client.force_login(rep)
    reset_password(rep, by=admin, now=now)
    assert client.get("/help/").status_code == 302


def test_an_admin_changes_role_team_and_hours(at_the_desk: Client, rep: User) -> None:
    stores = factories.make_team("Stores")
    shifts = {"as_shop": "", "day_0": "9-13, 14:00-18:30", "day_5": "10:00-14:00"}
    at_the_desk.post(f"/people/{rep.pk}/", form_of(rep, role="manager", team=stores.pk, **shifts))
    rep.refresh_from_db()
    assert (rep.role, rep.team) == ("manager", stores)
    assert rep.hours == {"0": [["09:00", "13:00"], ["14:00", "18:30"]], "5": [["10:00", "14:00"]]}
    event = Event.objects.get(subject="accounts.user", subject_id=rep.pk)
    assert (event.verb, event.data["fields"]) == ("changed", ["role", "team", "hours"])


def test_nothing_changed_leaves_no_event(at_the_desk: Client, rep: User) -> None:
    at_the_desk.post(f"/people/{rep.pk}/", form_of(rep))
    assert not Event.objects.exists()


@pytest.mark.parametrize("text", ["9 to noon", "17:00-09:00", "09:00-13:00, 12:00-15:00", "25:00-26:00"])
def test_hours_that_cannot_be_are_explained(at_the_desk: Client, rep: User, text: str) -> None:
    answer = at_the_desk.post(f"/people/{rep.pk}/", form_of(rep, as_shop="", day_0=text))
    rep.refresh_from_db()
    assert rep.hours is None
    assert "A shift must end after it starts" in (page := answer.content.decode()) or "Write it as" in page


def test_somebody_who_leaves_cannot_sign_in_and_is_told_upward(
    rep: User, admin: User, now: datetime, team: Team
) -> None:
    heard: list[User] = []

    def hear(user: User, **_: object) -> None:
        heard.append(user)

    person_left.connect(hear)
    fields = {"name": rep.name, "email": rep.email, "role": "rep", "team": team, "hours": None}
    change_person(rep, **fields, is_active=False, by=admin, now=now)
    person_left.disconnect(hear)
    assert heard == [rep]
    assert not User.objects.get(pk=rep.pk).is_active


@pytest.mark.parametrize("changes", [{"role": "rep"}, {"is_active": ""}])
def test_the_last_admin_cannot_be_locked_out(
    at_the_desk: Client, admin: User, changes: dict[str, str]
) -> None:
    fields = form_of(admin, **changes)
    fields = {name: value for name, value in fields.items() if value != "" or name == "team"}
    answer = at_the_desk.post(f"/people/{admin.pk}/", fields)
    admin.refresh_from_db()
    assert "This is the only admin" in answer.content.decode()
    assert (admin.role, admin.is_active) == ("admin", True)


def test_one_of_two_admins_may_step_down(admin: User, now: datetime) -> None:
    other = factories.make_user(Role.ADMIN, name="Second")
    fields = {"name": admin.name, "email": admin.email, "team": None, "hours": None, "is_active": True}
    change_person(admin, **fields, role="manager", by=other, now=now)
    assert User.objects.get(pk=admin.pk).role == "manager"
    with pytest.raises(LastAdmin):
        change_person(
            other,
            name=other.name,
            email=other.email,
            role="rep",
            team=None,
            hours=None,
            is_active=True,
            by=other,
            now=now,
        )


def test_a_manager_sees_the_team_only(client: Client, manager: User, rep: User, other_rep: User) -> None:
    client.force_login(manager)
    page = client.get("/people/").content.decode()
    assert rep.name in page
    assert other_rep.name not in page
    assert client.get(f"/people/{other_rep.pk}/").status_code == 404
    assert client.post(f"/people/{rep.pk}/", form_of(rep, role="admin")).status_code == 404


def test_a_manager_gives_reps_of_the_team_a_password_and_nobody_else(
    manager: User, second_manager: User, rep: User, other_rep: User, admin: User, now: datetime
) -> None:
    assert reset_password(rep, by=manager, now=now)
    for person in (second_manager, other_rep, admin, manager):
        with pytest.raises(PermissionDenied):
            reset_password(person, by=manager, now=now)


def test_only_an_admin_adds_people(manager: User, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        add_person(email="x@example.com", name="X", role="admin", team=None, by=manager, now=now)
    assert not User.objects.filter(email="x@example.com").exists()


def test_the_list_costs_the_same_for_many(
    at_the_desk: Client, team: Team, django_assert_max_num_queries: object
) -> None:
    for _ in range(12):
        factories.make_user(team=team)
    with django_assert_max_num_queries(6):  # type: ignore[operator]  # session, user, shop, teams, counts, list
        assert at_the_desk.get("/people/").status_code == 200


def test_createsuperuser_makes_the_first_admin(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.management import call_command  # noqa: PLC0415

    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "slate-heron-mild-1")
    call_command("createsuperuser", "--noinput", "--email", "Jo@Example.com", "--name", "Jo", verbosity=0)
    jo = User.objects.get()
    assert (jo.email, jo.role, jo.check_password("slate-heron-mild-1")) == ("jo@example.com", "admin", True)
