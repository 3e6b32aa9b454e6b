"""A customer's mail, as the provider posts it: kept, understood, passed on once, and no machine's ever."""

import json
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.outreach.letter_text import said_and_quoted, words_of
from apps.outreach.models import InboundMail, Message
from apps.outreach.replying import message_id, reply_address
from apps.outreach.services.arrivals import read_again
from apps.outreach.services.replies import read_mails
from apps.outreach.signals import customer_wrote
from tests.factories import NOW, make_customer, make_message

from .conftest import Heard

pytestmark = pytest.mark.django_db
DOOR = "/mail/replies/a-secret-of-the-tests/"


@pytest.fixture
def outside() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def message() -> Message:
    return make_message(make_customer(email="grace@example.com"))


def mail(to: str = "care@replies.example.com", **more: Any) -> dict[str, Any]:
    """The form of SendGrid's Inbound Parse, with "Send Raw" off."""
    headers = {"Message-ID": "<1@example.com>", "Date": "Wed, 4 Mar 2026 10:00:00 +0000"}
    headers |= more.pop("headers", {})
    fields = {
        "from": "Grace Okafor <grace@example.com>",
        "to": to,
        "envelope": json.dumps({"to": [to], "from": "grace@example.com"}),
        "subject": "Re: Thank you",
        "text": "It is still broken.",
        "charsets": json.dumps({"to": "UTF-8", "subject": "UTF-8", "from": "UTF-8", "text": "utf-8"}),
        "SPF": "pass",
        "attachments": "0",
    }
    return {"headers": "".join(f"{name}: {value}\n" for name, value in headers.items()), **fields, **more}


def post(client: Client, **fields: Any) -> int:
    return client.post(DOOR, mail(**fields)).status_code


def heard(client: Client, **fields: Any) -> InboundMail:
    assert post(client, **fields) == 204
    read_mails(now=NOW)
    return InboundMail.objects.latest("pk")


def test_a_reply_finds_its_mail_by_the_address_and_is_told_once(
    outside: Client, message: Message, wrote: Heard
) -> None:
    someone_else = "Other <other@example.com>"
    kept = heard(outside, to=reply_address(message), **{"from": someone_else})
    assert (kept.outcome, kept.message, kept.customer) == ("heard", message, message.customer)
    assert wrote == [
        {"customer": message.customer, "message": message, "text": "It is still broken.", "now": NOW}
    ]


def test_a_mail_that_comes_again_is_not_told_again(outside: Client, message: Message, wrote: Heard) -> None:
    for _ in range(3):
        heard(outside, to=reply_address(message))
    read_again(InboundMail.objects.all())
    read_mails(now=NOW)
    assert InboundMail.objects.count() == len(wrote) == 1


def test_an_address_in_capitals_or_only_in_the_envelope_is_found(
    outside: Client, message: Message, wrote: Heard
) -> None:
    loud = reply_address(message).upper()
    heard(outside, envelope=json.dumps({"to": [loud], "from": "grace@example.com"}))
    several = f"Care <{loud}>, other@example.com"
    heard(outside, to=several, envelope="no json", headers={"Message-ID": "<2@example.com>"})
    assert [news["message"] for news in wrote] == [message, message]


@pytest.mark.parametrize("name", ["In-Reply-To", "References"])
def test_a_reply_finds_its_mail_by_the_id_it_answers(
    outside: Client, message: Message, wrote: Heard, name: str
) -> None:
    heard(outside, headers={name: f"<other@example.com> {message_id(message)}"})
    assert [news["message"] for news in wrote] == [message]


def test_of_several_ids_the_nearest_counts(outside: Client, message: Message, wrote: Heard) -> None:
    nearer = make_message(message.customer)
    heard(outside, headers={"References": f"{message_id(message)}\n {message_id(nearer)}"})
    assert [news["message"] for news in wrote] == [nearer]


def test_a_mail_from_a_customers_address_is_theirs(outside: Client, message: Message, wrote: Heard) -> None:
    kept = heard(outside, **{"from": "GRACE@example.com"})
    assert (kept.customer, kept.message) == (message.customer, None)
    assert [(news["customer"], news["message"]) for news in wrote] == [(message.customer, None)]


def test_of_two_customers_it_is_nobodys(outside: Client, message: Message, wrote: Heard) -> None:
    make_customer(email="grace@example.com")
    assert heard(outside).outcome == "stranger"
    assert wrote == []


def test_a_stranger_is_heard_once_the_customer_is_known(outside: Client, wrote: Heard) -> None:
    assert heard(outside).outcome == "stranger"
    make_customer(email="grace@example.com")
    read_again(InboundMail.objects.all())
    read_mails(now=NOW)
    assert len(wrote) == 1


def test_a_forged_address_finds_nothing(outside: Client, message: Message, wrote: Heard) -> None:
    address = reply_address(message)
    forged = address.replace("@", "0@").replace(address[-26:-20], "abcabc")
    assert heard(outside, to=forged, **{"from": "x@example.com"}).outcome == "stranger"
    assert wrote == []


AUTOMATIC: list[dict[str, Any]] = [
    {"headers": {"Auto-Submitted": "auto-replied"}},
    {"headers": {"Auto-Submitted": "auto-generated (failure)"}},
    {"headers": {"auto-submitted": "AUTO-REPLIED"}},
    {"headers": {"Precedence": "bulk"}},
    {"headers": {"Precedence": "auto_reply"}},
    {"headers": {"List-Id": "<news.example.com>"}},
    {"headers": {"X-Autoreply": "yes"}},
    {"headers": {"Return-Path": "<>"}},
    {"envelope": '{"to": ["care@replies.example.com"], "from": ""}'},
    {"subject": "Out of office: back on Monday"},
    {"subject": "Automatic reply: Thank you"},
    {"subject": "Abwesenheitsnotiz: Danke"},
    {"subject": "=?utf-8?q?R=C3=A9ponse_automatique_=3A_merci?="},
    {"subject": "Undeliverable: Thank you"},
    {"from": "MAILER-DAEMON@example.com"},
    {"from": "no-reply@example.com"},
]


@pytest.mark.parametrize("marks", AUTOMATIC, ids=str)
def test_what_a_machine_wrote_is_kept_and_not_told(
    outside: Client, message: Message, wrote: Heard, marks: dict[str, Any]
) -> None:
    assert heard(outside, **{"to": reply_address(message), **marks}).outcome == "automatic"
    assert wrote == []


@pytest.mark.parametrize(
    "marks",
    [
        {"headers": {"Auto-Submitted": "no"}},
        {"headers": {"Precedence": "normal"}},
        {"subject": "Undelivered parcel"},
        {"subject": "Delivery was automatic, the reply was not"},
        {"subject": ""},
        {"from": "Norepton Lee <noreen@example.com>"},
    ],
    ids=str,
)
def test_what_a_person_wrote_is_told(
    outside: Client, message: Message, wrote: Heard, marks: dict[str, Any]
) -> None:
    assert heard(outside, **{"to": reply_address(message), **marks}).outcome == "heard"
    assert len(wrote) == 1


def test_our_own_mail_that_comes_round_is_not_told(outside: Client, message: Message, wrote: Heard) -> None:
    mine = {"Message-ID": message_id(message)}
    assert heard(outside, headers=mine).outcome == "ours"
    assert heard(outside, **{"from": reply_address(message)}).outcome == "ours"
    assert wrote == []


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


def test_without_an_id_the_same_mail_counts_once(outside: Client, message: Message, wrote: Heard) -> None:
    for _ in range(2):
        heard(outside, headers={"Message-ID": ""})
    heard(outside, headers={"Message-ID": ""}, text="Something else")
    assert [news["text"] for news in wrote] == ["It is still broken.", "Something else"]


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


def test_a_fault_of_a_listener_loses_nothing(outside: Client, message: Message, wrote: Heard) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("no task")

    customer_wrote.connect(broken)
    try:
        kept = heard(outside)
        assert (kept.outcome, kept.read_at, kept.fault) == ("", None, "RuntimeError")
    finally:
        customer_wrote.disconnect(broken)
    wrote.clear()
    read_mails(now=NOW + timedelta(hours=1))
    assert len(wrote) == 1
    assert InboundMail.objects.get().outcome == "heard"


@pytest.mark.parametrize(
    "history",
    [
        "On Wed, 4 Mar 2026 at 10:00, Tern & Thistle <care@example.com> wrote:\n> Thank you",
        "On Wed, 4 Mar 2026 at 10:00, Tern & Thistle\n<care@example.com> wrote:\n\n> Thank you",
        "Am Mi., 4. März 2026 um 10:00 Uhr schrieb Tern & Thistle <care@example.com>:\n> Danke",
        "Le mer. 4 mars 2026 à 10:00, Tern & Thistle a écrit :\n> Merci",
        "-----Original Message-----\nFrom: Tern & Thistle",
        "________________________________\nFrom: Tern & Thistle",
        "> Thank you\n> for your order",
    ],
)
def test_the_history_below_is_set_apart(history: str) -> None:
    own = "Still broken.\n\nOn it I wrote nothing.\n> only one line quoted\nGrace"
    said, quoted = said_and_quoted(f"{own}\n\n{history}\n")
    assert (said, quoted) == (own, history)


def test_a_mail_of_nothing_but_history_is_given_whole() -> None:
    assert words_of("> Thank you\n> for your order") == "> Thank you\n> for your order"


def test_of_a_mail_in_html_the_words_are_read() -> None:
    head = "<html><head><title>T</title><style>p {x}</style></head>"
    markup = f"{head}<body><p>Fish &amp; chips</p><STYLE a>x</STYLE ><div>cold<br>again</div></body>"
    assert words_of(" ", markup) == "Fish & chips\ncold\nagain"


@pytest.mark.parametrize(
    "text",
    [
        ">" * 100_000,
        ">\n" * 50_000 + "x",
        "On x\n" * 40_000,
        ("On " + "x" * 390 + "\n") * 500,
        "-" * 200_000,
    ],
    ids=["arrows", "quotes", "short lines", "long lines", "dashes"],
)
def test_a_mail_that_is_made_to_be_slow_is_not(text: str) -> None:
    began = perf_counter()
    words_of(text)
    words_of("", text.replace(">", "<style").replace("-", "<"))
    assert perf_counter() - began < 5
