"""How a connection to the mail provider broke: in words for who reads the mail's reason, in a kind for logs.

What the fault itself says is neither shown nor logged, since it may hold an address.
"""

import errno
import http.client
import socket
import ssl

from .wire import Held

NO_ANSWER_IN_TIME = "the provider did not answer in time"
BROKE_OFF = "the provider broke the connection off"
HELD = "it was held back before it left"
OTHERWISE = "the connection failed"
# The first that fits: a kind of fault stands before the kinds that it is one of
WORDS: list[tuple[tuple[type[Exception], ...], str]] = [
    ((Held,), HELD),
    ((TimeoutError,), NO_ANSWER_IN_TIME),
    ((ssl.SSLError,), "no secure connection could be made"),
    ((socket.gaierror,), "its name was not found on the network"),
    ((ConnectionRefusedError,), "it takes no connections now"),
    ((ConnectionError,), BROKE_OFF),
    ((http.client.InvalidURL, ValueError), "its address is set up wrong"),
    ((http.client.HTTPException,), "what it answered could not be read"),
]
NO_WAY = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}


def cause_of(fault: Exception) -> Exception:
    """What the socket said, where urllib wrapped it."""
    cause = getattr(fault, "reason", fault)
    return cause if isinstance(cause, Exception) else fault


def why_broken(cause: Exception) -> str:
    """Half a sentence: `the provider did not answer in time`."""
    if isinstance(cause, OSError) and cause.errno in NO_WAY:
        return "this machine has no way to it on the network"
    return next((words for kinds, words in WORDS if isinstance(cause, kinds)), OTHERWISE)


def kind_of(cause: Exception) -> str:
    """`ConnectionRefusedError 111`: for who runs this, without a word of the fault's own."""
    number = cause.errno if isinstance(cause, OSError) else None
    return f"{type(cause).__name__} {number}" if number else type(cause).__name__
