"""A customer's mail, as the provider posts it: kept whole, in its charset, and by nobody else."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.outreach.models import InboundMail, Message
from apps.outreach.services.replies import read_mails
from tests.factories import NOW

from .conftest import Heard
from .replies import DOOR, heard, mail

pytestmark = pytest.mark.django_db


def test_each_field_is_read_in_its_charset(outside: Client, message: Message, wrote: Heard) -> None:
    charsets = json.dumps({"text": "windows-1252"})
    body = _form({**mail(), "text": "naïve café €", "charsets": charsets}, "windows-1252")
    answer = outside.post(DOOR, body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 204
    read_mails(now=NOW)
    assert wrote[0]["text"] == "naïve café €"


@pytest.mark.parametrize(
    "charsets",
    [
        "no json",
        "[]",
        *(json.dumps({"text": name}) for name in ("klingon", "\0", "idna", "base64", "unicode_escape")),
    ],
)
def test_an_odd_charset_loses_no_mail(outside: Client, message: Message, wrote: Heard, charsets: str) -> None:
    heard(outside, text="plain w\0rds ✓", charsets=charsets)
    assert wrote[0]["text"] == "plain wrds ✓"


def _form(fields: dict[str, str], charset: str) -> bytes:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return "".join([*parts, "--x--\r\n"]).encode(charset)


def test_attachments_are_read_past(outside: Client, message: Message, wrote: Heard) -> None:
    photo = SimpleUploadedFile("photo.jpg", b"x" * 6_000_000)
    assert heard(outside, attachment1=photo).outcome == "heard"
    assert "attachment1" not in InboundMail.objects.get().fields


def _posted(client: Client, fields: dict[str, str], more: str = "") -> Any:
    body = _form(fields, "utf-8").replace(b"--x--\r\n", more.encode() + b"--x--\r\n")
    return client.post(DOOR, body, content_type="multipart/form-data; boundary=x")


def _file(number: int, name: str = "a.png") -> str:
    disposition = f'form-data; name="attachment{number}"; filename="{name}"'
    return f"--x\r\nContent-Disposition: {disposition}\r\nContent-Type: image/png\r\n\r\nx\r\n"


def _field(number: int) -> str:
    return f'--x\r\nContent-Disposition: form-data; name="more{number}"\r\n\r\nx\r\n'


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ({"html": f'<p>Still broken.</p><img src="data:image/png;base64,{"A" * 7_000_000}">'}, ""),
        ({}, "".join(_file(n) for n in range(150))),
        ({}, "".join(_field(n) for n in range(1_500))),
        ({}, "".join(_field(n) for n in range(20_000))),
        ({}, _file(1, "n" * 5_000)),
        ({}, "--x\r\nnothing of a form\r\n\r\nx\r\n"),
        ({}, "--x\r\n\r\n\r\n--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n"),
    ],
    ids=["images in words", "files", "fields", "a flood", "a long name", "no field", "no name"],
)
def test_a_large_mail_of_a_customer_is_heard(
    outside: Client, message: Message, wrote: Heard, fields: dict[str, str], more: str
) -> None:
    assert _posted(outside, {**mail(), **fields}, more).status_code == 204
    read_mails(now=NOW)
    assert [news["text"] for news in wrote] == ["It is still broken."]


def test_of_a_mail_in_html_with_images_the_words_are_heard(
    outside: Client, message: Message, wrote: Heard
) -> None:
    markup = f'<p>Still broken.</p><img src="data:image/png;base64,{"A" * 7_000_000}"><p>Grace</p>'
    assert _posted(outside, {**mail(), "text": "", "html": markup}).status_code == 204
    read_mails(now=NOW)
    assert wrote[0]["text"] == "Still broken."


def test_a_form_that_ends_too_soon_is_tried_again(outside: Client) -> None:
    for boundary in ("; boundary=x", ""):
        answer = outside.post(DOOR, b"--x\r\nContent-", content_type=f"multipart/form-data{boundary}")
        assert answer.status_code == 503


def test_a_very_long_mail_is_cut(outside: Client, message: Message, wrote: Heard) -> None:
    heard(outside, text="a" * 1_000_000)
    assert len(wrote[0]["text"]) == 20_000


@pytest.mark.parametrize("secret", ["wrong", "a-secret-of-the-test", "é"])
def test_a_wrong_secret_finds_nothing(outside: Client, secret: str) -> None:
    assert outside.post(f"/mail/replies/{secret}/", mail()).status_code == 404
    assert not InboundMail.objects.exists()


def test_without_a_secret_the_door_is_not_there(outside: Client, settings) -> None:
    settings.SENDGRID_REPLY_SECRET = ""
    assert outside.post(DOOR, mail()).status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_a_post_is_taken(outside: Client, method: str) -> None:
    assert getattr(outside, method)(DOOR).status_code == 405


def test_a_raw_mail_says_what_to_untick_and_is_tried_again(outside: Client) -> None:
    answer = outside.post(DOOR, {"email": "From: x", "envelope": "{}"})
    assert (answer.status_code, b"untick" in answer.content) == (503, True)


def test_the_secret_stands_in_no_log(outside: Client, settings: Any, caplog: Any) -> None:
    caplog.set_level("DEBUG")
    outside.post(DOOR, {"email": "From: x", "envelope": "{}"})
    outside.post(DOOR, "{}", content_type="application/json")
    outside.post(DOOR.rstrip("/"), mail())
    outside.get(DOOR)
    outside.get("/mail/unsubscribe/a-token-of-theirs/")
    settings.SENDGRID_REPLY_SECRET = "another"
    outside.post(DOOR, mail())
    assert caplog.text.count("/mail/replies/…") == 4
    for secret in ("a-secret-of-the-tests", "a-token-of-theirs"):
        assert secret not in caplog.text
