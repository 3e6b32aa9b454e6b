"""A letter as a PDF for the post, set by Typst: every word of it is data there, never markup."""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import typst
from babel import Locale
from django.conf import settings

from apps.customers.models import Customer

LONGEST_WORD = 40  # about half a line of the page; a longer one may be broken there
LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")
MAY_BREAK = "\u200b"  # zero width space


@dataclass(frozen=True)
class Paragraph:
    """`rtl`: it is written from right to left."""

    lines: Sequence[str]
    rtl: bool = False


@dataclass(frozen=True)
class Sheet:
    """What stands on the page. `card` is what is given: a code and until when; none is no card."""

    shop: str
    address: Sequence[str]
    day: str
    subject: str
    paragraphs: Sequence[Paragraph]
    card: Sequence[str] = ()


def pdf_of(sheet: Sheet) -> bytes:
    """The sheet as a PDF. A script for which no font is installed shows as empty boxes."""
    made = typst.compile(_template(), sys_inputs={"letter": json.dumps(asdict(sheet))})
    if not isinstance(made, bytes):
        raise TypeError("a letter is one document")
    return made


def paragraphs_of(words: str) -> list[Paragraph]:
    """Paragraphs of lines: an empty line parts them."""
    parts = re.split(r"\n[ \t]*\n", words.replace("\r\n", "\n"))
    return [_paragraph(part.strip("\n")) for part in parts if part.strip()]


def address_of(customer: Customer, *, home: str) -> list[str]:
    """The lines on the envelope; the country only where it is another than `home` (ISO 3166)."""
    town = " ".join(filter(None, [customer.postcode, customer.city]))
    abroad = customer.country.upper() if customer.country.upper() != home.upper() else ""
    country = Locale("en").territories.get(abroad, abroad)
    return [line for line in (customer.name, customer.street, town, customer.state, country) if line]


def _paragraph(part: str) -> Paragraph:
    lines = [LONG_WORD.sub(rf"\g<0>{MAY_BREAK}", line) for line in part.split("\n")]
    return Paragraph(lines, rtl=_is_rtl(part))


def _is_rtl(text: str) -> bool:
    """By its first letter that has a direction, as Unicode's rule P2 has it."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L") != "L"


@cache
def _template() -> bytes:
    return (Path(settings.BASE_DIR) / "templates" / "print" / "letter.typ").read_bytes()
