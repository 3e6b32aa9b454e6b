"""One's own account: name, zone, hours, keys, theme, password."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.models import Event
from tests import factories
from tests.caches import empty_cache

PASSWORD = "slate-heron-mild-1"
BETTER = "copper kettle on the moor"


@pytest.fixture
def ana(shop: object) -> User:
    return factories.make_user(name="Ana Duarte", password=PASSWORD)


@pytest.fixture
def her(client: Client, ana: User) -> Client:
    empty_cache()
    client.force_login(ana)
    return client


def test_one_sets_ones_name_zone_and_keys(her: Client, ana: User) -> None:
    fields = {"name": "Ana D.", "time_zone": "Europe/Lisbon", "as_shop": "on"}
    assert her.post("/account/", fields)["Location"] == "/account/"
    ana.refresh_from_db()
    assert (ana.name, ana.time_zone, ana.single_keys, ana.hours) == ("Ana D.", "Europe/Lisbon", False, None)
    page = her.get("/account/").content.decode()
    assert 'data-single-keys="off"' in page
    assert "Lisbon" in page
    assert Event.objects.get(subject_id=ana.pk, subject="accounts.user").actor == ana


def test_nobody_changes_ones_own_role(her: Client, ana: User) -> None:
    her.post("/account/", {"name": "Ana", "as_shop": "on", "role": "admin", "is_superuser": "on"})
    ana.refresh_from_db()
    assert (ana.role, ana.is_superuser) == ("rep", False)


def test_own_hours_need_at_least_one_day(her: Client, ana: User) -> None:
    page = her.post("/account/", {"name": "Ana"}).content.decode()
    assert "Write the hours of at least one day" in page


def test_a_new_password_is_set_and_the_session_goes_on(her: Client, ana: User) -> None:
    fields = {"current": PASSWORD, "new": BETTER, "again": BETTER}
    assert her.post("/account/password/", fields)["Location"] == "/account/"
    assert her.get("/account/").status_code == 200
    ana.refresh_from_db()
    assert ana.check_password(BETTER)
    assert Event.objects.get(subject_id=ana.pk, subject="accounts.user").verb == "password_changed"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"current": "wrong", "new": BETTER, "again": BETTER}, "This is not your password of today"),
        (
            {"current": PASSWORD, "new": BETTER, "again": "something else entirely"},
            "The two are not the same",
        ),
        ({"current": PASSWORD, "new": "short", "again": "short"}, "at least 12 characters"),
    ],
)
def test_a_password_that_cannot_be_set_is_explained(
    her: Client, ana: User, fields: dict[str, str], words: str
) -> None:
    assert words in her.post("/account/password/", fields).content.decode()
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


def test_many_wrong_tries_make_one_wait(her: Client) -> None:
    fields = {"current": "wrong", "new": BETTER, "again": BETTER}
    codes = [her.post("/account/password/", fields).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]


def test_the_theme_is_kept_in_a_cookie_and_set_by_the_server(her: Client) -> None:
    answer = her.post("/account/theme/", {"theme": "dark", "next": "/help/"})
    assert answer["Location"] == "/help/"
    assert '<html lang="en" dir="ltr" data-theme="dark"' in her.get("/help/").content.decode()
    her.post("/account/theme/", {"theme": ""})
    assert "data-theme" not in her.get("/help/").content.decode()


def test_the_theme_never_leads_away(her: Client) -> None:
    answer = her.post("/account/theme/", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_an_unknown_theme_is_the_systems(her: Client) -> None:
    her.cookies["theme"] = '"><script>'
    assert "data-theme" not in her.get("/help/").content.decode()
