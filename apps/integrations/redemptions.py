"""`POST /api/redemptions/`: the shop's own system tells that a coupon was used.

    {"code": "K7Q2-9XTM-4WRC-H0ZN-P", "order": "1042", "redeemed_at": "2026-03-04T10:00:00Z"}

With `Authorization: Bearer` and the token of CARECRM_API_TOKEN. Code and order are the key of the call: the
same again is answered by the same bytes. Whether a code is unknown, has run out or was taken back is not told
apart.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.apologies.models import Compensation
from apps.apologies.services import Result, redeem
from apps.apologies.services.redemption import CLOCKS_DIFFER

from .guessing import too_many_wrong, wrong_again

SCHEME = "Bearer "
LONGEST = 160

SIGN_IN = "Send the token of this shop: Authorization: Bearer TOKEN."
NOT_READ = 'Send JSON such as {"code": "...", "order": "1042", "redeemed_at": "2026-03-04T10:00:00Z"}.'
NO_ZONE = "redeemed_at is a moment with its offset, not in the future, such as 2026-03-04T10:00:00Z."
NOT_FOUND = "No coupon that counts has this code."
CONFLICTS = {
    Result.OTHER_ORDER: "This coupon was used for another order.",
    Result.TOO_EARLY: "This coupon was given after redeemed_at. Check the moment and the code.",
    Result.NO_BUDGET: "This was told too late: its money was given away. An admin has to raise the budget.",
}
TOO_MANY = "Too many codes that are none. Try again later."


class Refusal(Exception):
    """What to answer instead: the message says what to do."""

    def __init__(self, status: int, error: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.headers = headers


@dataclass(frozen=True)
class Call:
    code: str
    order: str
    redeemed_at: datetime


@csrf_exempt  # no cookie signs in here: a token does
@login_not_required
@never_cache
@require_POST
def redemptions(request: HttpRequest) -> JsonResponse:
    try:
        return JsonResponse(_told(_used(request, timezone.now())))
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal)}, status=refusal.status, headers=refusal.headers)


def _used(request: HttpRequest, now: datetime) -> Compensation:
    if not _has_token(request):
        raise Refusal(401, SIGN_IN, {"WWW-Authenticate": "Bearer"})
    address = request.META.get("REMOTE_ADDR", "")
    _slow_down(too_many_wrong(address, now=now))
    call = _read(request.body, now)
    used = redeem(call.code, order=call.order, redeemed_at=call.redeemed_at, by=None, now=now)
    if used.compensation and used.result in {Result.ACCEPTED, Result.ALREADY}:
        return used.compensation
    if used.result in CONFLICTS:
        raise Refusal(409, CONFLICTS[used.result])
    _slow_down(wrong_again(address, now=now))
    raise Refusal(404, NOT_FOUND)


def _has_token(request: HttpRequest) -> bool:
    """Without a token in the settings nobody has one."""
    given = request.headers.get("Authorization", "")
    token = given.removeprefix(SCHEME) if given.startswith(SCHEME) else ""
    return bool(settings.API_TOKEN) and constant_time_compare(token, settings.API_TOKEN)


def _read(body: bytes, now: datetime) -> Call:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):  # also of bytes that are no UTF-8
        raise Refusal(400, NOT_READ) from None
    values = [_text(sent, name) for name in ("code", "order", "redeemed_at")]
    try:
        redeemed_at = datetime.fromisoformat(values[2])
    except ValueError:
        raise Refusal(400, NO_ZONE) from None
    if redeemed_at.tzinfo is None or redeemed_at > now + CLOCKS_DIFFER:
        raise Refusal(400, NO_ZONE)
    return Call(values[0], values[1], min(redeemed_at, now))


def _text(sent: Any, name: str) -> str:
    value = sent.get(name) if isinstance(sent, dict) else None
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > LONGEST or "\0" in text:
        raise Refusal(400, NOT_READ)
    return text


def _told(used: Compensation) -> dict[str, Any]:
    """From the row, so that the same call is answered the same at any time."""
    return {
        "order": used.redeemed_order,
        "amount": f"{used.amount:.2f}",
        "currency": used.currency,
        "redeemed_at": used.redeemed_at.isoformat() if used.redeemed_at else None,
    }


def _slow_down(seconds: int) -> None:
    if seconds:
        raise Refusal(429, TOO_MANY, {"Retry-After": str(seconds)})
