"""A mail from words that people wrote and the facts of one customer: subject, plain text, HTML.

Written words are text, never code: one pass over the braces, names from an allow-list, no attributes, no
formats. Values are escaped, isolated from the direction of the words around them, and never become links;
signs that would turn other words around are left out of all parts.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.placeholders import Part, parts_of

from .placeholders import ALLOWED, slot_of, unknown_placeholders

LONGEST_SUBJECT = 200
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")  # what ends a header's line, or a reader's patience
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LINK = re.compile(r"""https?://[^\s<>"'{}|\\^`\[\]]+""", re.IGNORECASE)
AFTER_LINK = ".,;:!?)’”"
LOOKS_LIKE_LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)
BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
LINE_END = SafeString("<br>")
# They turn the words after them around, beyond the value that brought them
DIRECTIONS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
# Signs that show nothing, though they count as letters, marks or symbols
UNSEEN = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0"}
NAMES = {"first_name": "first name", "name": "name"}  # said by customers themselves, and put into headers

UNKNOWN = "{wrong} is no placeholder of a mail. These are: {allowed}."
EMPTY = "Not known: {names}. Write the mail without it, or with words to say instead, like {{{first}|words}}."
SUBJECT_BREAKS = "The subject holds a line break or a control character. Write it in one line."
NAME_BREAKS = "The {which} of this customer holds a line break. Put it right where their data comes from."
NAME_LINKS = "The {which} of this customer holds a link. Put it right where their data comes from."
NO_SUBJECT = "The subject is empty. Say in a few words what the mail is about."
NO_BODY = "The mail is empty. Write what it says."
LONG_SUBJECT = "The subject is {length} characters long; at most {longest} can be sent. Shorten it."
CONTROL = "The text holds a character that no mail can carry. Type it anew instead of pasting it."


class CannotRender(ValueError):
    """This mail cannot be sent; the message says why and what to do."""


class UnknownPlaceholder(CannotRender):
    pass


class EmptyPlaceholder(CannotRender):
    """`names`: the placeholders whose fact is not known, in order."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__(EMPTY.format(names=", ".join(names), first=names[0]))


class BrokenHeader(CannotRender):
    pass


@dataclass(frozen=True)
class Words:
    """With placeholders, as they stand in a MailTemplate or as a person typed them."""

    subject: str
    body: str


@dataclass(frozen=True)
class Footer:
    """Below the mail: why they get it and, for optional mail, where to end it."""

    shop: str
    why: str = ""
    link: str = ""


@dataclass(frozen=True)
class Rendered:
    """`words` is the text without its footer: what was said."""

    subject: str
    text: str
    html: str
    words: str


@dataclass(frozen=True)
class Piece:
    """Words, or a value that came from elsewhere."""

    text: str
    is_value: bool = False


def render_mail(words: Words, facts: Mapping[str, str], *, footer: Footer) -> Rendered:
    """Fill `words` with `facts`.

    Raises a CannotRender where a placeholder is unknown or empty, or where a header would break.
    """
    for fault in faults_of(words).values():
        raise fault
    _check_names(facts)
    facts = {name: seen_of(value) for name, value in facts.items()}
    _check_known(words, facts)
    subject = "".join(piece.text for piece in _pieces(words.subject, facts)).strip()
    return _rendered(subject, _pieces(_lines(words.body), facts), footer, with_links=True)


def render_letter(subject: str, text: str, *, footer: Footer) -> Rendered:
    """A mail whose words are final: braces stand as written, and nothing becomes a link."""
    return _rendered(subject.strip(), [Piece(_lines(text))], footer, with_links=False)


def as_sent(words: str) -> str:
    """Final words as they stand in the plain text of their mail."""
    return DIRECTIONS.sub("", _lines(words)).strip()


def faults_of(words: Words) -> dict[str, CannotRender]:
    """What keeps `words` from being saved or sent, whoever they go to, by field."""
    faults: dict[str, CannotRender] = {}
    if not words.subject.strip():
        faults["subject"] = CannotRender(NO_SUBJECT)
    elif BREAKS.search(words.subject):
        faults["subject"] = BrokenHeader(SUBJECT_BREAKS)
    elif len(words.subject) > LONGEST_SUBJECT:
        faults["subject"] = _too_long(words.subject)
    elif wrong := unknown_placeholders(words.subject):
        faults["subject"] = UnknownPlaceholder(UNKNOWN.format(wrong=", ".join(wrong), allowed=ALLOWED))
    if not words.body.strip():
        faults["body"] = CannotRender(NO_BODY)
    elif CONTROLS.search(_lines(words.body)):
        faults["body"] = CannotRender(CONTROL)
    elif wrong := unknown_placeholders(words.body):
        faults["body"] = UnknownPlaceholder(UNKNOWN.format(wrong=", ".join(wrong), allowed=ALLOWED))
    return faults


def _check_names(facts: Mapping[str, str]) -> None:
    """They stand in the To line, whatever the words hold; a link as a name is how strangers send spam."""
    for name, which in NAMES.items():
        if BREAKS.search(facts.get(name, "")):
            raise BrokenHeader(NAME_BREAKS.format(which=which))
        if LOOKS_LIKE_LINK.search(facts.get(name, "")):
            raise CannotRender(NAME_LINKS.format(which=which))


def _check_known(words: Words, facts: Mapping[str, str]) -> None:
    inside = [part.inside for text in (words.subject, words.body) for part in parts_of(text) if part.inside]
    slots = [slot for slot in map(slot_of, inside) if slot]
    empty = [slot.name for slot in slots if not (slot.instead or facts.get(slot.name))]
    if empty:
        raise EmptyPlaceholder(list(dict.fromkeys(empty)))


def _pieces(text: str, facts: Mapping[str, str]) -> list[Piece]:
    return [_piece(part, facts) for part in parts_of(text)]


def _piece(part: Part, facts: Mapping[str, str]) -> Piece:
    slot = slot_of(part.inside) if part.inside is not None else None
    if slot is None:
        return Piece(part.written)
    value = facts.get(slot.name, "")
    return Piece(value, is_value=True) if value else Piece(slot.instead)


def seen_of(value: str) -> str:
    """What a reader sees of it: nothing of one that is made of signs that show nothing."""
    shows = any(sign not in UNSEEN and not _is_blank(sign) for sign in value)
    return DIRECTIONS.sub("", value).strip() if shows else ""


def _is_blank(sign: str) -> bool:
    """Spaces, controls, and what only steers how others are shown: soft hyphens, zero widths, joiners."""
    return unicodedata.category(sign) in {"Cc", "Cf", "Zs", "Zl", "Zp"}


def _rendered(subject: str, pieces: list[Piece], footer: Footer, *, with_links: bool) -> Rendered:
    subject = DIRECTIONS.sub("", subject)
    pieces = [Piece(DIRECTIONS.sub("", piece.text), piece.is_value) for piece in pieces]
    text = "".join(piece.text for piece in pieces).strip()
    _check_sendable(subject, text, footer)
    paragraphs = [_markup(paragraph, with_links=with_links) for paragraph in _paragraphs(pieces)]
    page = {"subject": subject, "paragraphs": paragraphs, "footer": footer}
    html = render_to_string("mail/letter.html", page).strip()
    return Rendered(subject, _with_footer(text, footer), html, text)


def _check_sendable(subject: str, text: str, footer: Footer) -> None:
    if not subject:
        raise CannotRender(NO_SUBJECT)
    if BREAKS.search(subject):
        raise BrokenHeader(SUBJECT_BREAKS)
    if len(subject) > LONGEST_SUBJECT:
        raise _too_long(subject)
    if not text:
        raise CannotRender(NO_BODY)
    if CONTROLS.search(text + footer.shop + footer.why):
        raise CannotRender(CONTROL)


def _too_long(subject: str) -> CannotRender:
    return CannotRender(LONG_SUBJECT.format(length=len(subject), longest=LONGEST_SUBJECT))


def _with_footer(text: str, footer: Footer) -> str:
    """The sign of two dashes and a space tells mail programs where a mail ends and its footer begins."""
    below = [footer.shop, footer.why, f"No more of these: {footer.link}" if footer.link else ""]
    return "\n".join([text, "", "-- ", *filter(None, below), ""])


def _paragraphs(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Cut where written words hold an empty line; a value stays in its paragraph, whatever it holds."""
    paragraphs: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *others = [piece.text] if piece.is_value else BETWEEN_PARAGRAPHS.split(piece.text)
        paragraphs[-1].append(Piece(first, piece.is_value))
        paragraphs += [[Piece(other)] for other in others]
    return [paragraph for paragraph in paragraphs if any(piece.text.strip() for piece in paragraph)]


def _markup(paragraph: list[Piece], *, with_links: bool) -> SafeString:
    marked = [
        format_html("<bdi>{}</bdi>", _broken(piece.text))
        if piece.is_value
        else _linked(piece.text)
        if with_links
        else _broken(piece.text)
        for piece in paragraph
    ]
    return format_html_join("", "{}", ((each,) for each in marked))


def _linked(text: str) -> SafeString:
    """`text` escaped, with its http and https addresses as links: the only links a mail holds."""
    marked, end = [], 0
    for found in LINK.finditer(text):
        url = found[0].rstrip(AFTER_LINK)
        link = format_html('<a href="{}" rel="noopener noreferrer">{}</a>', url, url)
        marked += [_broken(text[end : found.start()]), link]
        end = found.start() + len(url)
    return format_html_join("", "{}", ((each,) for each in [*marked, _broken(text[end:])]))


def _broken(text: str) -> SafeString:
    """`text` escaped, its lines kept."""
    return format_html_join(LINE_END, "{}", ((line,) for line in text.split("\n")))


def _lines(text: str) -> str:
    """As browsers send it, with the line ends of text."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
