"""Why a mail did not go, in words a rep understands; the log keeps the kind of fault, without the person."""

import errno
import socket
import ssl
from datetime import datetime
from http.client import BadStatusLine, InvalidURL, RemoteDisconnected
from typing import Any

import pytest

from apps.outreach import wire
from apps.outreach.faults import BROKE_OFF, NO_ANSWER_IN_TIME, why_broken
from apps.outreach.gateway import NOT_REACHED
from apps.outreach.services.recording import EARLIER_MAY_HAVE, GIVEN_UP

from .conftest import QueueMail, sent
from .provider import Provider

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("answer", "said", "logged"),
    [
        ("silence", NO_ANSWER_IN_TIME, "TimeoutError"),
        ("cut", BROKE_OFF, "RemoteDisconnected"),
        ("reset", BROKE_OFF, "ConnectionResetError"),
    ],
)
def test_the_reason_is_in_words_and_the_log_has_the_kind_without_the_person(
    provider: Provider,
    mail: QueueMail,
    now: datetime,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    answer: str,
    said: str,
    logged: str,
):
    settings.MAIL_TIMEOUT = 0.5
    provider.answers(answer)
    message = sent(mail(), now)

    assert message.reason == f"It may have reached the mail provider, but {said}."
    (line,) = [each.getMessage() for each in caplog.records if each.name == "apps.outreach.gateway"]
    assert line.startswith(f"mail {message.pk}: the connection broke after it was written: {logged}")
    assert message.to_address not in caplog.text
    assert message.to_name not in caplog.text


@pytest.mark.parametrize(
    "cause",
    [
        *(
            TimeoutError(),
            ssl.SSLError(1, "x"),
            ssl.SSLCertVerificationError(1, "x"),
            socket.gaierror(-2, "x"),
        ),
        *(ConnectionRefusedError(), BrokenPipeError(), OSError(errno.EHOSTUNREACH, "x"), PermissionError()),
        *(UnicodeError(), BadStatusLine("x"), InvalidURL("x"), RemoteDisconnected("x"), KeyError("x")),
        wire.Held(),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_no_reason_names_a_kind_of_fault(cause: Exception):
    reason = NOT_REACHED.format(why=why_broken(cause))

    assert type(cause).__name__ not in reason
    assert len(EARLIER_MAY_HAVE.format(reason=GIVEN_UP.format(reason=reason, tries=8))) <= 200
