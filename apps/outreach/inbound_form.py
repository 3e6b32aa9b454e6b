"""The form that the provider posts a customer's mail as (SendGrid's Inbound Parse, parsed): fields as texts.

Each field may come in its own charset, which the field `charsets` names. Files are not taken.
"""

import codecs
import json
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from .arriving import storable, sum_of
from .letter_heads import heads_of

# Characters kept of each: no person writes more
FIELDS = {
    "headers": 60_000,
    "from": 1_000,
    "to": 5_000,
    "envelope": 5_000,
    "subject": 1_000,
    "text": 200_000,
    "html": 200_000,
}
LONGEST_ID = 200
# Codecs of Python that no mail is written in, and that a sender could keep us busy with
NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}


class NoFiles(FileUploadHandler):
    """Attachments are read past and kept nowhere."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def fields_of(request: HttpRequest) -> dict[str, str]:
    """What is kept of the form. Read as Latin-1 first, which loses no byte, then by each field's charset."""
    request.upload_handlers = [NoFiles(request)]
    request.encoding = "latin-1"
    charsets = _charsets(request.POST.get("charsets", ""))
    return {
        name: _decoded(request.POST[name], charsets.get(name, "utf-8"))[:most]
        for name, most in FIELDS.items()
        if name in request.POST
    }


def id_of(fields: dict[str, str]) -> str:
    """What makes it the same mail when it comes again: its Message-ID, else a sum of what it says."""
    given = (heads_of(fields).get("Message-ID") or "").strip()
    if given and len(given) <= LONGEST_ID:
        return given
    return sum_of(fields)


def _charsets(text: str) -> dict[str, str]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}


def _decoded(text: str, charset: str) -> str:
    raw = text.encode("latin-1")
    try:
        known = codecs.lookup(charset).name not in NO_CHARSETS
        decoded = raw.decode(charset if known else "utf-8", "replace")
    except (LookupError, ValueError):  # nobody knows it, or it is none of text
        decoded = raw.decode("utf-8", "replace")
    return storable(decoded)
