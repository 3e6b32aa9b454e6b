"""The form that the provider posts a customer's mail as (SendGrid's Inbound Parse, parsed): fields as texts.

Each field may come in its own charset, which the field `charsets` names. It is read here and not by Django,
which refuses a form of over a hundred files, a thousand fields or 5 MB of words: the provider would drop
that mail. What is too much is read past, and files are not taken.
"""

import codecs
import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import (
    FIELD,
    ChunkIter,
    LazyStream,
    MultiPartParser,
    MultiPartParserError,
    Parser,
)

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
MOST_BYTES = {name: 4 * most for name, most in FIELDS.items()} | {"charsets": 10_000}
MOST_PARTS = 10_000
CUT_TAG = re.compile(r"<[^<>]*\Z")  # such as an image among the words, which would be read as words
LONGEST_ID = 200
# Codecs of Python that no mail is written in, and that a sender could keep us busy with
NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}


def fields_of(request: HttpRequest) -> dict[str, str]:
    """What is kept of the form, each field decoded by its charset."""
    raw = dict(_parts(request))
    charsets = _charsets(raw.get("charsets", b""))
    texts = {name: _decoded(raw[name], charsets.get(name, "utf-8")) for name in FIELDS if name in raw}
    if len(texts.get("html", "")) > FIELDS["html"]:
        texts["html"] = CUT_TAG.sub("", texts["html"][: FIELDS["html"]])
    return {name: text[: FIELDS[name]] for name, text in texts.items()}


def _parts(request: HttpRequest) -> Iterator[tuple[str, bytes]]:
    """The fields that are kept, as their bytes came, up to where the form ends or can be read no further."""
    try:
        parser: Any = MultiPartParser(request.META, request, [FileUploadHandler(request)])
        stream = LazyStream(ChunkIter(request, parser._chunk_size))
        for number, (kind, heads, part) in enumerate(Parser(stream, parser._boundary)):
            name = _name(heads)
            if kind == FIELD and name in MOST_BYTES:
                yield name, part.read(MOST_BYTES[name])
            deque(part, maxlen=0)
            if number >= MOST_PARTS:
                break
    except (MultiPartParserError, SuspiciousOperation):
        pass  # such as a file with a name of a thousand letters
    deque(request, maxlen=0)  # whoever posts listens for an answer once all of it is read


def _name(heads: dict[str, Any]) -> str:
    _, facts = heads.get("content-disposition", ("", {}))
    return str(facts.get("name", b"").decode("latin-1")).strip()


def id_of(fields: dict[str, str]) -> str:
    """What makes it the same mail when it comes again: its Message-ID, else a sum of what it says."""
    given = (heads_of(fields).get("Message-ID") or "").strip()
    if given and len(given) <= LONGEST_ID:
        return given
    return sum_of(fields)


def _charsets(text: bytes) -> dict[str, str]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}


def _decoded(raw: bytes, charset: str) -> str:
    try:
        known = codecs.lookup(charset).name not in NO_CHARSETS
        decoded = raw.decode(charset if known else "utf-8", "replace")
    except (LookupError, ValueError):  # nobody knows it, or it is none of text
        decoded = raw.decode("utf-8", "replace")
    return storable(decoded)
