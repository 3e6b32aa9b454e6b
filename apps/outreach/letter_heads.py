"""The headers of a mail that came in: who wrote it, to whom, and whether a machine did."""

import json
import re
from collections.abc import Iterator, Mapping
from email.header import decode_header, make_header
from email.message import Message as Heads
from email.parser import HeaderParser
from email.utils import getaddresses
from typing import Any

BULK = {"bulk", "junk", "list", "auto_reply"}
MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)([+.-]|@)", re.IGNORECASE)
MARKS_OF_MACHINES = (
    *("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond"),
    *("X-Auto-Reply-From", "X-Failed-Recipients"),
)
# Of programs that say it in no header. Narrow: "Undelivered parcel" is a customer
OUT_OF_OFFICE = re.compile(
    r"^\W*(auto(matic|mated|)[ -]?(reply|response)|out of (the )?office|abwesen|automatische antwort|"
    r"r[ée]ponse automatique|absence du bureau|respuesta autom|risposta autom|resposta autom|"
    r"automatisch antwoord|fuera de la oficina|fuori sede|undeliverable:|delivery status notification|"
    r"mail delivery (failed|system))",
    re.IGNORECASE,
)


def heads_of(fields: Mapping[str, str]) -> Heads:
    return HeaderParser().parsestr(fields.get("headers", ""))


def is_automatic(fields: Mapping[str, str]) -> bool:
    """Written by a machine: an absence, a list, a mail that came back. RFC 3834 and what is usual."""
    heads = heads_of(fields)
    submitted = str(heads.get("Auto-Submitted", "no")).strip().lower()
    return (
        not submitted.startswith("no")
        or str(heads.get("Precedence", "")).strip().lower() in BULK
        or any(name in heads for name in MARKS_OF_MACHINES)
        or str(heads.get("Return-Path", "")).strip() == "<>"
        or _envelope(fields).get("from") == ""
        or bool(OUT_OF_OFFICE.search(_plain(fields.get("subject", ""))))
        or bool(MACHINES.search(sender_of(fields)))
    )


def sender_of(fields: Mapping[str, str]) -> str:
    """The one address it is from, in lower case; empty where there is none or more."""
    found = [address.lower() for _, address in getaddresses([fields.get("from", "")]) if "@" in address]
    return found[0] if len(found) == 1 else ""


def receivers_of(fields: Mapping[str, str]) -> Iterator[str]:
    """Of the envelope first: a copy or a forward names others in its headers."""
    to = _envelope(fields).get("to")
    yield from (str(address) for address in (to if isinstance(to, list) else []))
    yield from (address for _, address in getaddresses([fields.get("to", "")]))


def answered_ids(fields: Mapping[str, str]) -> str:
    """The ids of what it answers, the nearest last."""
    heads = heads_of(fields)
    return f"{heads.get('References', '')} {heads.get('In-Reply-To', '')}"


def _envelope(fields: Mapping[str, str]) -> dict[str, Any]:
    try:
        told = json.loads(fields.get("envelope", ""))
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _plain(subject: str) -> str:
    try:
        return str(make_header(decode_header(subject)))
    except (LookupError, ValueError):
        return subject
