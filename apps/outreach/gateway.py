"""The one door to SendGrid: hands a mail over, and says what is then known of it.

`send()` returns Accepted, or raises NotAccepted where nothing can have been accepted, or InDoubt where only
the provider's events can tell. Without an API key all is accepted here, and nothing leaves the machine.
"""

import json
import logging
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

import python_http_client
from django.conf import settings
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import (
    ApiKeyIncludedException,
    Category,
    CustomArg,
    From,
    Header,
    Mail,
    MailSettings,
    ReplyTo,
    SandBoxMode,
    To,
)

from .faults import HELD, cause_of, kind_of, why_broken
from .models import Message
from .models.message import HERE
from .replying import message_id, reply_address
from .unsubscribing import unsubscribe_headers
from .wire import Answer, Held, Wire

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(hours=24)  # whatever the provider names: nothing waits longer on its word
TRY_AGAIN = {408, 429}  # of the 4xx, which are final otherwise

NO_SENDER = "No sender is set up, so nothing can be sent. It is tried again once CARECRM_MAIL_FROM is set."
NOT_REACHED = "The mail provider could not be reached: {why}."
CANNOT_BE_BUILT = "It could not be put into the form of a mail."
HOLDS_A_KEY = "It holds what looks like a secret key of the mail provider, and cannot be sent."
WAIT = "The mail provider asked to wait (429)."
FAULT = "The mail provider had a fault ({status})."
REFUSED = "The mail provider refused it ({status})."
NO_ANSWER = "The mail provider began an answer and did not give it ({status})."
CUT = "It may have reached the mail provider, but {why}."
ENDED = "the connection ended without an answer"


@dataclass(frozen=True)
class Accepted:
    provider_id: str


class NotAccepted(Exception):
    """Nothing can have been accepted. `is_final`: no later try would end otherwise."""

    def __init__(
        self,
        reason: str,
        *,
        retry_at: datetime | None = None,
        is_final: bool = False,
        is_for_all: bool = False,
        was_tried: bool = True,
    ) -> None:
        super().__init__(reason)
        self.reason, self.retry_at = reason, retry_at
        self.is_final = is_final
        self.is_for_all = is_for_all  # meant for every mail of the claim, not for this one
        self.was_tried = was_tried  # else the network was not used, and it does not count as a try


class InDoubt(Exception):
    """The provider may have it. Only its events can tell."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def send(
    message: Message,
    *,
    now: datetime,
    sandbox: bool = False,
    may_go: Callable[[], bool] = lambda: True,
) -> Accepted:
    """Hand it over; `sandbox`: SendGrid checks it and sends nothing.

    `may_go` is asked last, once there is a connection: where it says no, nothing is written.
    """
    if not settings.SENDGRID_API_KEY:
        return _accept_here(message, may_go)
    if not settings.MAIL_FROM:
        raise NotAccepted(NO_SENDER)
    body, wire = _built(message, sandbox), Wire(may_go)
    try:
        _client(wire).send(body)
    except Exception as fault:  # of the network, or of how it is set up: nothing of it is this mail's fault
        if not wire.answer:
            raise _broken_off(message, wire, cause_of(fault)) from None  # its words may hold an address
    if wire.answer is None:
        raise InDoubt(CUT.format(why=ENDED))
    return read_answer(wire.answer, now=now)


def _accept_here(message: Message, may_go: Callable[[], bool]) -> Accepted:
    if not may_go():
        raise NotAccepted(NOT_REACHED.format(why=HELD))
    return Accepted(f"{HERE}{message.pk}")


def _built(message: Message, sandbox: bool) -> dict[str, Any]:
    """What is posted. Whatever fails here fails for this mail alone, and each time."""
    try:
        body: dict[str, Any] = as_mail(message, sandbox=sandbox).get()
        json.dumps(body)
    except ApiKeyIncludedException:
        raise NotAccepted(HOLDS_A_KEY, is_final=True) from None
    except Exception as fault:  # the SDK raises kinds of its own; their words may hold those of the mail
        log.warning("mail %s cannot be built: %s", message.pk, kind_of(fault))
        raise NotAccepted(CANNOT_BE_BUILT, is_final=True) from None
    return body


def read_answer(answer: Answer, *, now: datetime) -> Accepted:
    """The status line decides, whatever became of the body after it."""
    status = answer.status
    if status < 200:  # what follows is no answer to a mail
        raise InDoubt(NO_ANSWER.format(status=status))
    if 200 <= status < 300:
        return Accepted(str(answer.headers.get("X-Message-Id") or "")[:120])
    if status == 429:
        raise NotAccepted(WAIT, retry_at=_reset(answer, now), is_for_all=True)
    if status in TRY_AGAIN or status >= 500:
        raise NotAccepted(FAULT.format(status=status), retry_at=_reset(answer, now))
    raise NotAccepted(REFUSED.format(status=status), is_final=True)


def as_mail(message: Message, *, sandbox: bool) -> Mail:
    name, address = parseaddr(settings.MAIL_FROM)
    mail = Mail(
        from_email=From(address, name or None),
        to_emails=To(message.to_address, message.to_name or None),
        subject=message.subject,
        plain_text_content=message.text,
        html_content=message.html,
    )
    mail.add_category(Category(message.category))
    mail.add_custom_arg(CustomArg("message", str(message.pk)))
    for header, value in unsubscribe_headers(message).items():
        mail.add_header(Header(header, value))
    if settings.SENDGRID_REPLY_DOMAIN:
        mail.reply_to = ReplyTo(reply_address(message), name or None)
        mail.add_header(Header("Message-ID", message_id(message)))
    elif settings.MAIL_REPLY_TO:
        reply_name, reply_to = parseaddr(settings.MAIL_REPLY_TO)
        mail.reply_to = ReplyTo(reply_to, reply_name or None)
    if sandbox:
        mail.mail_settings = MailSettings(sandbox_mode=SandBoxMode(enable=True))
    return mail


class _Client(python_http_client.Client):  # type: ignore[misc]
    """The SDK's client, over a wire that knows how far the request came."""

    def __init__(self, *, wire: Wire, **options: Any) -> None:
        super().__init__(**options)
        self.wire = wire

    def _build_client(self, name: str | None = None) -> "_Client":
        return _Client(
            wire=self.wire,
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=self._url_path + ([name] if name else []),
            timeout=self.timeout,
        )

    def _make_request(
        self, opener: Any, request: urllib.request.Request, timeout: float | None = None
    ) -> Any:
        return self.wire.open(request, timeout or self.timeout)


def _client(wire: Wire) -> SendGridAPIClient:
    sdk = SendGridAPIClient(settings.SENDGRID_API_KEY, host=settings.SENDGRID_HOST)
    sdk.client = _Client(
        wire=wire,
        host=sdk.host,
        version=3,
        request_headers=sdk.client.request_headers,
        timeout=settings.MAIL_TIMEOUT,
    )
    return sdk


def _broken_off(message: Message, wire: Wire, cause: Exception) -> Exception:
    """Why in words for the mail, and of which kind for the log."""
    if not isinstance(cause, Held):
        when = "after it was written" if wire.is_written else "before anything was written"
        log.warning("mail %s: the connection broke %s: %s", message.pk, when, kind_of(cause))
    why = why_broken(cause)
    return InDoubt(CUT.format(why=why)) if wire.is_written else NotAccepted(NOT_REACHED.format(why=why))


def _reset(answer: Answer, now: datetime) -> datetime | None:
    """When the provider wants to be asked again: the later of what its headers say, if they can be read.

    Neither in the past nor later than in a day.
    """
    said = [_epoch(answer.headers.get("X-RateLimit-Reset")), _after(answer.headers.get("Retry-After"), now)]
    at = max((at for at in said if at), default=None)
    return min(max(at, now), now + LONGEST_WAIT) if at else None


def _epoch(text: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _after(text: str | None, now: datetime) -> datetime | None:
    """Seconds, or an HTTP date."""
    try:
        return now + timedelta(seconds=int(text or ""))
    except OverflowError:
        return now + LONGEST_WAIT
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
