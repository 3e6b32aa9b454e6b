"""The door of the provider's events: what it lets in, and what it refuses without a word."""

import base64

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from apps.outreach.models import ProviderEvent, WebhookCall
from apps.outreach.services import events as events_service
from apps.outreach.services.events import read_calls
from apps.outreach.signature import Refused, proven
from tests.factories import make_message

from .conftest import EVENTS, KEY, PUBLIC, RSA_KEY, body_of, call, event, signed

pytestmark = pytest.mark.django_db
STAMP, PROOF = "X-Twilio-Email-Event-Webhook-Timestamp", "X-Twilio-Email-Event-Webhook-Signature"


@pytest.fixture
def body() -> bytes:
    return body_of(event(make_message(), "delivered", 1, note="naïve ✓"))


def test_a_signed_call_is_kept_as_it_came_and_nudges_a_worker(
    outside: Client, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    nudges: list[str] = []
    monkeypatch.setattr(events_service, "enqueue", nudges.append)
    headers = signed(body)

    assert call(outside, body, headers) == 204

    kept = WebhookCall.objects.get()
    assert (kept.body.encode(), kept.timestamp, kept.signature) == (body, headers[STAMP], headers[PROOF])
    assert kept.body.endswith("\r\n")
    assert (kept.read_at, ProviderEvent.objects.count()) == (None, 0)
    assert nudges == ["outreach.read_events"]


def test_keeping_a_call_is_one_insert(
    outside: Client, body: bytes, django_assert_num_queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_service, "enqueue", lambda name: None)
    with django_assert_num_queries(1) as asked:
        call(outside, body)
    assert asked[0]["sql"].startswith("INSERT")


@pytest.mark.parametrize("age", [-290, 0, 290])
def test_a_clock_may_differ_a_little(outside: Client, body: bytes, age: int) -> None:
    assert call(outside, body, signed(body, age=age)) == 204


@pytest.mark.parametrize("age", [310, 86_400, -310])
def test_a_stale_call_and_one_from_the_future_are_refused(outside: Client, body: bytes, age: int) -> None:
    assert call(outside, body, signed(body, age=age)) == 401
    assert not WebhookCall.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {STAMP: None},
        {PROOF: None},
        {STAMP: None, PROOF: None},
        {STAMP: ""},
        {STAMP: "soon"},
        {STAMP: "9" * 400},
        {STAMP: "\u0661"},
        {PROOF: ""},
        {PROOF: "!"},
        {PROOF: "abc"},
        {PROOF: "A" * 4000},
        {PROOF: base64.b64encode(b"no DER").decode()},
    ],
)
def test_what_carries_no_proof_is_refused(outside: Client, body: bytes, wrong: dict[str, str | None]) -> None:
    headers = {name: value for name, value in {**signed(body), **wrong}.items() if value is not None}
    answer = outside.post(EVENTS, body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.content) == (401, b"")
    assert not WebhookCall.objects.exists()


def test_somebody_elses_key_proves_nothing(outside: Client, body: bytes, settings) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    assert KEY.private_numbers() != other.private_numbers()
    assert call(outside, body, _signed_by(other, body)) == 401


def _signed_by(key: ec.EllipticCurvePrivateKey, body: bytes) -> dict[str, str]:
    headers = signed(body)
    proof = key.sign(headers[STAMP].encode() + body, ec.ECDSA(hashes.SHA256()))
    return {**headers, PROOF: base64.b64encode(proof).decode()}


BODY = body_of(event(None, "delivered", 1))
HEADERS = signed(BODY)


@given(st.data())
def test_one_bit_flipped_anywhere_is_refused(data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(["body", STAMP, PROOF]))
    whole = BODY if place == "body" else HEADERS[place].encode()
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    flipped = bytearray(whole)
    flipped[bit // 8] ^= 1 << bit % 8
    headers = HEADERS if place == "body" else {**HEADERS, place: bytes(flipped).decode("latin-1")}

    assert proven(BODY, HEADERS, key=PUBLIC, now=timezone.now()).body.encode() == BODY
    with pytest.raises(Refused):
        proven(bytes(flipped) if place == "body" else BODY, headers, key=PUBLIC, now=timezone.now())


def test_the_last_line_end_counts(outside: Client, body: bytes) -> None:
    assert call(outside, body.rstrip(b"\r\n"), signed(body)) == 401


@pytest.mark.parametrize("body", [b"\xff\xfe[]", b'["\0"]'])
def test_what_is_no_text_is_refused(outside: Client, body: bytes) -> None:
    assert call(outside, body) == 401


@pytest.mark.parametrize("key", ["", "not a key", PUBLIC[:-8], RSA_KEY])
def test_without_a_key_nothing_is_believed(outside: Client, body: bytes, settings, key: str) -> None:
    settings.SENDGRID_WEBHOOK_KEY = key
    answer = outside.post(EVENTS, body, content_type="application/json", headers=signed(body))
    assert answer.status_code == 503
    assert b"SENDGRID_WEBHOOK_KEY" in answer.content
    assert not WebhookCall.objects.exists()


@pytest.mark.parametrize(("size", "code"), [(6_000_000, 413), (1024 * 1024 + 1, 413), (1024 * 1024, 204)])
def test_a_body_that_is_too_large_is_refused_unread(outside: Client, size: int, code: int) -> None:
    body = b"[" + b" " * (size - 2) + b"]"
    assert call(outside, body) == code


def test_our_own_fault_is_a_5xx(outside: Client, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise ImproperlyConfigured

    monkeypatch.setattr(WebhookCall.objects, "create", broken)
    outside.raise_request_exception = False
    assert call(outside, body) == 500


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head"])
def test_only_a_post_is_taken(outside: Client, method: str) -> None:
    assert getattr(outside, method)(EVENTS).status_code == 405


@pytest.mark.parametrize(
    "content", [b"[]\r\n", b"{}", b"no json", b"[1, null, []]", b'[{"event": "brand_new"}]']
)
def test_whatever_is_signed_is_kept(outside: Client, content: bytes, now) -> None:
    assert call(outside, content) == 204
    read_calls(now=now)
    assert WebhookCall.objects.count() == 1
