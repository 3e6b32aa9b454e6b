"""The door: who comes in, what a wrong password says, and when tries run out."""

import pytest
from django.test import Client

from apps.accounts.models import Role, Shop, User
from tests import factories
from tests.caches import empty_cache

PASSWORD = "slate-heron-mild-1"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    empty_cache()


@pytest.fixture
def ana(shop: Shop) -> User:
    return factories.make_user(Role.REP, name="Ana Duarte", email="ana@example.com", password=PASSWORD)


def sign_in(client: Client, password: str, email: str = "ana@example.com"):
    return client.post("/sign-in/", {"login": email, "password": password})


def test_the_door_greets_with_the_name_of_the_shop(client: Client, shop: Shop) -> None:
    page = client.get("/sign-in/").content.decode()
    assert "Sign in to Tern &amp; Thistle." in page
    assert "Good " in page


def test_the_right_password_opens_today(client: Client, ana: User) -> None:
    answer = sign_in(client, PASSWORD)
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(ana.pk)


def test_case_does_not_matter_in_the_address(client: Client, ana: User) -> None:
    assert sign_in(client, PASSWORD, "ANA@example.com").status_code == 302


def test_a_wrong_password_says_what_to_do(client: Client, ana: User) -> None:
    page = sign_in(client, "not-this-one").content.decode()
    assert "That password does not go with this address." in page
    assert "ask an admin for a new password" in page


def test_an_unknown_address_says_the_same(client: Client, ana: User) -> None:
    page = sign_in(client, PASSWORD, "nobody@example.com").content.decode()
    assert "That password does not go with this address." in page


def test_six_wrong_tries_make_one_wait(client: Client, ana: User) -> None:
    for _ in range(5):
        sign_in(client, "not-this-one")
    answer = sign_in(client, PASSWORD)
    assert "_auth_user_id" not in client.session
    assert "Too many tries" in answer.content.decode()


def test_a_person_who_was_switched_off_stays_out(client: Client, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_active=False)
    answer = sign_in(client, PASSWORD)
    assert "_auth_user_id" not in client.session
    assert answer.status_code in {200, 302}


def test_nobody_signs_up_or_resets_by_mail(client: Client, shop: Shop) -> None:
    for address in ("/sign-in/signup/", "/sign-up/", "/sign-in/password/reset/"):
        assert client.get(address).status_code in {302, 404}
        assert client.post(address, {"email": "me@example.com"}).status_code in {302, 403, 404}
    assert not User.objects.exists()


def test_signing_out_takes_a_post(client: Client, ana: User) -> None:
    client.force_login(ana)
    assert "Sign out?" in client.get("/sign-out/").content.decode()
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


def test_the_way_one_came_for_is_kept(client: Client, ana: User) -> None:
    assert client.get("/help/")["Location"] == "/sign-in/?next=/help/"
    answer = client.post("/sign-in/?next=/help/", {"login": "ana@example.com", "password": PASSWORD})
    assert answer["Location"] == "/help/"


def test_the_back_office_uses_the_same_door(client: Client, shop: Shop) -> None:
    assert client.get("/admin/login/")["Location"].startswith("/sign-in/")


def test_passwords_are_kept_with_argon2(ana: User) -> None:
    assert ana.password.startswith("argon2$")
