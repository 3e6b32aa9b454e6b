"""One HTTP request whose failure says how far it came: whether anything of it can have been accepted.

A connection that was refused, never resolved, or failed in its TLS handshake has written nothing. From the
first byte on, only the answer's status line tells.
"""

import http.client
import ssl
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message as Headers
from functools import cache
from typing import Any
from urllib.response import addinfourl

# counts on where the process was stopped or the machine slept, as far as the system offers such a clock
CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
MOST_INTERIM = 20  # answers that are none yet (1xx) before the one that counts
START_WITHIN = 60.0  # seconds; shorter than a claim, so that nobody else can have this mail yet


class Held(OSError):
    """Nothing was written: the last question was answered with no, or the process slept before it."""


@dataclass
class Answer:
    status: int
    headers: Headers


class Wire:
    """What became of one request: `is_written` from its first byte on, `answer` from the status line on."""

    def __init__(self, may_go: Callable[[], bool]) -> None:
        self.may_go = may_go  # asked once there is a connection, right before the first byte
        self.is_written = False
        self.answer: Answer | None = None
        self.started = time.clock_gettime(CLOCK)

    def write_first_byte(self) -> None:
        if not self.may_go() or time.clock_gettime(CLOCK) - self.started > START_WITHIN:
            raise Held
        self.is_written = True

    def open(self, request: urllib.request.Request, timeout: float) -> addinfourl:
        """Any status is an answer: nothing is followed, and nothing raised for it."""
        opener = urllib.request.OpenerDirector()
        for handler in (urllib.request.ProxyHandler(), _Plain(self), _Secure(self)):
            opener.add_handler(handler)
        response: addinfourl = opener.open(request, timeout=timeout)
        self.answer = Answer(response.status or 0, response.headers)
        return response


class _LastAnswer(http.client.HTTPResponse):
    """Reads past every interim answer (RFC 9110, 15.2), and not only past 100 as its parent does."""

    interim = 0

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        if status >= http.client.OK or status == http.client.SWITCHING_PROTOCOLS:
            return version, status, reason
        self.interim += 1
        if self.interim > MOST_INTERIM:
            raise http.client.BadStatusLine(str(status))
        return version, http.client.CONTINUE, reason


class _Noting(http.client.HTTPConnection):
    """Notes on its wire when the first byte of the request itself is written."""

    wire: Wire
    response_class = _LastAnswer
    is_connecting = False

    def connect(self) -> None:
        self.is_connecting = True  # a proxy is spoken to here, the provider not yet
        super().connect()
        self.is_connecting = False

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if not self.is_connecting and not self.wire.is_written:
            self.wire.write_first_byte()
        super().send(data)


class _NotingSecurely(_Noting, http.client.HTTPSConnection):
    pass


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.wire = wire

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_noting(_Noting, self.wire), request)


class _Secure(urllib.request.HTTPSHandler):
    def __init__(self, wire: Wire) -> None:
        super().__init__(context=tls())
        self.wire = wire

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_noting(_NotingSecurely, self.wire), request, context=tls())


def _noting(kind: type[_Noting], wire: Wire) -> Any:
    """What makes a connection that notes on `wire`."""

    def make(host: str, **options: Any) -> _Noting:
        connection = kind(host, **options)
        connection.wire = wire
        return connection

    return make


@cache
def tls() -> ssl.SSLContext:
    """Read once: loading the certificates takes longer than a mail."""
    return ssl.create_default_context()
