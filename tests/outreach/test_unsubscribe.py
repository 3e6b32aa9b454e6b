"""The way out of optional mail: one click by a program, two by a person, none by a scanner of links."""

import pytest
from django.core.signing import Signer
from django.test import Client

from apps.core.models import Event
from apps.customers.models import Permission
from apps.outreach.models import Message, Suppression
from apps.outreach.unsubscribing import (
    masked,
    message_of,
    unsubscribe_headers,
    unsubscribe_token,
    unsubscribe_url,
)
from tests.factories import make_message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def path(message: Message) -> str:
    return unsubscribe_url(message).removeprefix("https://care.example.com")


def test_the_headers_of_optional_mail_are_those_of_one_click(message: Message) -> None:
    headers = unsubscribe_headers(message)
    assert headers == {
        "List-Unsubscribe": f"<https://care.example.com/mail/unsubscribe/{unsubscribe_token(message)}/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_owed_mail_has_no_way_out(outside: Client) -> None:
    owed = make_message(purpose="service", category="apology")
    assert unsubscribe_headers(owed) == {}
    assert message_of(unsubscribe_token(owed)) is None
    assert outside.post(f"/mail/unsubscribe/{unsubscribe_token(owed)}/", ONE_CLICK).status_code == 404
    assert not Suppression.objects.exists()


def test_a_scanner_of_links_changes_nothing(outside: Client, path: str) -> None:
    for method in (outside.get, outside.head):
        assert method(path).status_code == 200
    assert outside.options(path).status_code == 405
    assert not Suppression.objects.exists()
    assert not Permission.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_one_click_unsubscribes_without_cookie_or_sign_in(
    outside: Client, path: str, message: Message, kind: str
) -> None:
    urlencoded = b"List-Unsubscribe=One-Click"
    parts = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    body = parts if kind.startswith("multipart") else urlencoded
    answer = outside.post(path, body, content_type=kind)

    assert answer.status_code == 200
    assert "You are unsubscribed" in answer.content.decode()
    row = Suppression.objects.get()
    assert (row.address, row.scope, row.reason) == ("grace@example.com", "optional", "unsubscribed")
    assert Permission.objects.get().state == "refused"
    assert Permission.objects.get().customer == message.customer
    assert (Permission.objects.get().channel, Permission.objects.get().purpose) == ("email", "recognition")


def test_the_button_of_the_page_does_it_too(outside: Client, path: str) -> None:
    page = outside.get(path).content.decode()
    assert '<form class="stack stack-5" method="post">' in page
    assert "csrfmiddlewaretoken" in page
    assert "You are unsubscribed" in outside.post(path, ONE_CLICK).content.decode()


def test_twice_is_once(outside: Client, path: str) -> None:
    outside.post(path, ONE_CLICK)
    events = Event.objects.count()
    assert outside.post(path, ONE_CLICK).status_code == 200
    assert (Suppression.objects.count(), Event.objects.count()) == (1, events)
    assert "You are unsubscribed" in outside.get(path).content.decode()


def test_the_page_names_nobody(outside: Client, path: str, message: Message) -> None:
    for page in (outside.get(path), outside.post(path)):
        said = page.content.decode()
        assert "g•••@example.com" in said
        assert "Tern &amp; Thistle" in said
        assert "grace" not in said.lower()
        assert "okafor" not in said.lower()
        assert "no-store" in page["Cache-Control"]


def test_a_wrong_token_leads_nowhere(outside: Client, message: Message) -> None:
    token = unsubscribe_token(message)
    foreign = Signer(salt="something else", sep=".").sign(str(message.pk))
    others = [token[:-1], "x" + token, token.replace(str(message.pk), "999", 1), foreign, "1", "%00", "é"]
    for wrong in others:
        for method in (outside.get, outside.post):
            assert method(f"/mail/unsubscribe/{wrong}/").status_code == 404
    assert not Suppression.objects.exists()


def test_a_mail_that_is_gone_leads_nowhere(outside: Client, path: str, message: Message) -> None:
    message.delete()
    assert outside.post(path, ONE_CLICK).status_code == 404


def test_an_address_is_masked() -> None:
    assert masked("grace.o@mail.example.com") == "g•••@mail.example.com"
    assert masked("g@example.com") == "g•••@example.com"
