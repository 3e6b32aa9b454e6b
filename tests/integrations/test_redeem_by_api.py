"""The shop's own system tells by API that a coupon was used; who guesses is stopped."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.apologies.codes import new_code
from apps.apologies.models import Compensation, LedgerEntry
from apps.apologies.services import expire_compensations, reverse
from tests.apologies.money import given
from tests.caches import empty_cache

pytestmark = pytest.mark.django_db
TOKEN = "t" * 40
ADDRESS = "/api/redemptions/"


@pytest.fixture(autouse=True)
def _token(settings: Any) -> None:
    settings.API_TOKEN = TOKEN
    empty_cache()


@pytest.fixture
def coupon(manager: User) -> Compensation:
    return given(manager, timezone.now())


def tell(client: Client, code: str | None, order: str = "1042", token: str = TOKEN, **fields: Any) -> Any:
    body = {"code": code, "order": order, "redeemed_at": timezone.now().isoformat(), **fields}
    return client.post(
        ADDRESS, json.dumps(body), content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {token}"
    )


def test_a_used_coupon_is_recorded(client: Client, coupon: Compensation) -> None:
    answer = tell(client, coupon.code)
    coupon.refresh_from_db()
    assert (answer.status_code, coupon.status, coupon.redeemed_order) == (200, "redeemed", "1042")
    assert answer.json() == {
        "order": "1042",
        "amount": "10.00",
        "currency": "EUR",
        "redeemed_at": coupon.redeemed_at and coupon.redeemed_at.isoformat(),
    }


def test_the_same_again_is_answered_by_the_same_bytes(client: Client, coupon: Compensation) -> None:
    first, second = tell(client, coupon.code), tell(client, coupon.code)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert LedgerEntry.objects.filter(to_account="redeemed").count() == 1


def test_a_time_before_it_was_given_is_told(client: Client, coupon: Compensation) -> None:
    early = (coupon.issued_at - timedelta(minutes=6)).isoformat()
    answer = tell(client, coupon.code, redeemed_at=early)
    assert (answer.status_code, answer.json()["error"]) == (
        409,
        "This coupon was given after redeemed_at. Check the moment and the code.",
    )
    coupon.refresh_from_db()
    assert coupon.status == "issued"


def test_another_order_is_a_conflict(client: Client, coupon: Compensation) -> None:
    tell(client, coupon.code)
    assert tell(client, coupon.code, order="1043").status_code == 409


def test_unknown_run_out_and_taken_back_are_not_told_apart(client: Client, manager: User) -> None:
    now = timezone.now()
    old, back = given(manager, now - timedelta(days=200)), given(manager, now)
    expire_compensations(now=now)
    reverse(back, reason="Twice", by=manager, now=now)
    answers = [tell(client, code) for code in (new_code(), old.code, back.code, "nonsense")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("token", ["", "x" * 40, TOKEN[:-1]])
def test_nobody_gets_in_without_the_token(client: Client, coupon: Compensation, token: str) -> None:
    answer = tell(client, coupon.code, token=token)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    coupon.refresh_from_db()
    assert coupon.status == "issued"


def test_nobody_gets_in_where_no_token_is_set(client: Client, coupon: Compensation, settings: Any) -> None:
    settings.API_TOKEN = ""
    assert tell(client, coupon.code, token="").status_code == 401


def test_a_signed_in_manager_has_no_token_by_that(
    client: Client, manager: User, coupon: Compensation
) -> None:
    client.force_login(manager)
    assert client.post(ADDRESS, {"code": coupon.code}).status_code == 401


@pytest.mark.parametrize(
    "fields",
    [
        {"code": ""},
        {"code": 7},
        {"code": "x" * 161},
        {"order": None},
        {"redeemed_at": "yesterday"},
        {"redeemed_at": "2026-03-04T10:00:00"},
        {"redeemed_at": "2999-01-01T00:00:00Z"},
    ],
)
def test_what_cannot_be_read_is_told(client: Client, coupon: Compensation, fields: dict[str, Any]) -> None:
    answer = tell(client, fields.pop("code", coupon.code), **fields)
    assert answer.status_code == 400
    assert "2026-03-04T10:00:00Z" in answer.json()["error"]


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"7", b"[" * 100_000])
def test_anything_may_be_sent(client: Client, coupon: Compensation, body: bytes) -> None:
    sent = {"content_type": "application/json", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}
    assert client.post(ADDRESS, body, **sent).status_code == 400


def test_the_sixth_wrong_code_within_a_minute_waits(client: Client, coupon: Compensation) -> None:
    codes = [tell(client, new_code()).status_code for _ in range(6)]
    assert codes == [404] * 5 + [429]
    right = tell(client, coupon.code)
    assert right.status_code == 429
    assert 1 <= int(right["Retry-After"]) <= 60
    coupon.refresh_from_db()
    assert coupon.status == "issued"


def test_the_window_ends(client: Client, coupon: Compensation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.integrations.guessing.WINDOWS", {1: 5})
    for _ in range(6):
        last = tell(client, new_code())
    assert last.status_code == 429
    empty_cache()  # as its keys end by themselves
    assert tell(client, coupon.code).status_code == 200


def test_twenty_in_an_hour_wait_for_the_hour(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.integrations.guessing.WINDOWS", {3600: 20})
    codes = [tell(client, new_code()).status_code for _ in range(21)]
    assert codes == [404] * 20 + [429]
    assert int(tell(client, new_code())["Retry-After"]) > 3500


def test_another_address_goes_on(client: Client, coupon: Compensation) -> None:
    for _ in range(6):
        tell(client, new_code())
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert tell(other, coupon.code).status_code == 200


def test_right_codes_are_not_counted(client: Client, manager: User) -> None:
    coupons = [given(manager, timezone.now()) for _ in range(8)]
    assert {tell(client, coupon.code).status_code for coupon in coupons} == {200}


def test_no_code_gets_into_the_log(
    client: Client, coupon: Compensation, caplog: pytest.LogCaptureFixture
) -> None:
    tell(client, coupon.code)
    tell(client, coupon.code, order="1043")
    tell(client, wrong := new_code())
    assert (coupon.code or "") not in caplog.text
    assert wrong not in caplog.text
