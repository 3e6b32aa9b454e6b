"""Whose mail it is and which of ours it answers: passed on once, and no machine's ever."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.outreach.models import InboundMail, Message
from apps.outreach.replying import message_id, reply_address
from apps.outreach.services.arrivals import read_again
from apps.outreach.services.replies import read_mails
from apps.outreach.signals import customer_wrote
from tests.factories import NOW, make_customer, make_message

from .conftest import Heard
from .replies import heard

pytestmark = pytest.mark.django_db


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


def test_without_an_id_the_same_mail_counts_once(outside: Client, message: Message, wrote: Heard) -> None:
    for _ in range(2):
        heard(outside, headers={"Message-ID": ""})
    heard(outside, headers={"Message-ID": ""}, text="Something else")
    assert [news["text"] for news in wrote] == ["It is still broken.", "Something else"]


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
