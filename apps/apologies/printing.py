"""A letter as a PDF for the post, set by Typst: every word of it is data there, never markup."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import typst
from babel import Locale
from django.conf import settings

from apps.customers.models import Customer


@dataclass(frozen=True)
class Sheet:
    """What stands on the page. `card` is what is given: a code and until when; none is no card."""

    shop: str
    address: Sequence[str]
    day: str
    subject: str
    paragraphs: Sequence[Sequence[str]]
    card: Sequence[str] = ()


def pdf_of(sheet: Sheet) -> bytes:
    """The sheet as a PDF. A script for which no font is installed shows as empty boxes."""
    made = typst.compile(_template(), sys_inputs={"letter": json.dumps(asdict(sheet))})
    if not isinstance(made, bytes):
        raise TypeError("a letter is one document")
    return made


def paragraphs_of(words: str) -> list[list[str]]:
    """Paragraphs of lines: an empty line parts them."""
    parts = words.replace("\r\n", "\n").split("\n\n")
    return [part.strip("\n").split("\n") for part in parts if part.strip()]


def address_of(customer: Customer, *, home: str) -> list[str]:
    """The lines on the envelope; the country only where it is another than `home` (ISO 3166)."""
    town = " ".join(filter(None, [customer.postcode, customer.city]))
    abroad = customer.country.upper() if customer.country.upper() != home.upper() else ""
    country = Locale("en").territories.get(abroad, abroad)
    return [line for line in (customer.name, customer.street, town, customer.state, country) if line]


@cache
def _template() -> bytes:
    return (Path(settings.BASE_DIR) / "templates" / "print" / "letter.typ").read_bytes()
