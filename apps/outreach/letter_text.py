"""What a customer wrote, apart from the history that their program put below it."""

import html
import re

from django.core.exceptions import SuspiciousOperation
from django.utils.html import strip_tags

LONGEST = 20_000
HISTORY = re.compile(
    r"^(?:"
    r"On [^\n]{3,200}\n?[^\n]{0,200}wrote:|"
    r"Am [^\n]{3,200}\n?[^\n]{0,200}schrieb[^\n]{0,200}:|"
    r"Le [^\n]{3,200}\n?[^\n]{0,200}a écrit\s?:|"
    r"El [^\n]{3,200}\n?[^\n]{0,200}escribió:|"
    r"-{2,} ?(?:Original Message|Original message|Ursprüngliche Nachricht|Message d'origine)[^\n]*|"
    r"_{20,}"
    r")",
    re.MULTILINE,
)
# None of these looks further than the next bracket: anybody may send us a mail
UNSEEN = re.compile(r"<(/?)(style|script|head)\b[^<>]*>", re.IGNORECASE)
BREAKS = re.compile(r"<br\b[^<>]*>|</(?:p|div|li|tr|h[1-6])\b[^<>]*>", re.IGNORECASE)


def words_of(text: str, markup: str = "") -> str:
    """At most 20,000 characters: the text without its history, of mail in HTML only the words.

    A mail that is nothing but history is given whole: better too much than a silent customer.
    """
    whole = (text if text.strip() else _words_in(markup)).replace("\r\n", "\n").strip()
    own, _ = said_and_quoted(whole)
    return (own or whole)[:LONGEST]


def said_and_quoted(text: str) -> tuple[str, str]:
    """The words of now, and the history below them."""
    found = HISTORY.search(text)
    start = found.start() if found else _start_of_quotes(text)
    return text[:start].strip(), text[start:].strip()


def _start_of_quotes(text: str) -> int:
    """Where the quoted lines begin that end it."""
    lines = text.splitlines(keepends=True)
    while lines and (lines[-1].startswith(">") or not lines[-1].strip()):
        lines.pop()
    return len("".join(lines))


def _words_in(markup: str) -> str:
    """Of markup that is made to keep us busy, the markup."""
    lines = BREAKS.sub("\n", _seen_of(markup))
    try:
        return html.unescape(strip_tags(lines))
    except SuspiciousOperation:
        return lines


def _seen_of(markup: str) -> str:
    """Without what no reader shows; what is opened and never closed is shown after all."""
    parts, start, hidden = [], 0, ""
    for tag in UNSEEN.finditer(markup):
        name = tag[2].lower()
        if hidden and tag[1] and name == hidden:
            start, hidden = tag.end(), ""
        elif not hidden and not tag[1]:
            parts.append(markup[start : tag.start()])
            start, hidden = tag.end(), name
    return "".join([*parts, markup[start:]])
