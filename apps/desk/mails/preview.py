"""A template as awkward customers would get it: the ordinary one first, then those that break things."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from apps.accounts.models import Shop, User
from apps.campaigns.registry import plays
from apps.customers.models import Customer, Order
from apps.outreach.facts import facts_of, footer_of
from apps.outreach.templating import CannotRender, Rendered, Words, render_mail
from apps.outreach.unsubscribing import sample_url

LONG = ("Wolfeschlegelsteinhausenbergerdorff " * 5)[:160].strip()
HEBREW, ARABIC = "שירה לוי", "ليلى الحداد"


@dataclass(frozen=True)
class Awkward:
    who: str
    name: str
    has_order: bool = True


AWKWARD = (
    Awkward("An ordinary customer", "Maria Souza"),
    Awkward("No name is known", ""),
    Awkward("No order is known", "Maria Souza", has_order=False),
    Awkward("Right to left, Hebrew", HEBREW),
    Awkward("Right to left, Arabic", ARABIC),
    Awkward("A name of 160 characters", LONG),
    Awkward("A picture as a name", "🦊 Zoë 👩‍👩‍👧"),
    Awkward("Markup as a name", "<b onclick=alert(1)>Bo</b> <script>alert(1)</script>"),
    Awkward("A line break in the name", "Ana\r\nBcc: everybody@example.com"),
    Awkward("A link as a name", "https://example.com/win Ana"),
)


@dataclass(frozen=True)
class Preview:
    """How it would look, or why it would not be sent."""

    who: str
    name: str
    mail: Rendered | None
    why_not: str = ""


def previews_of(words: Words, *, play: str, by: User, shop: Shop, now: datetime) -> list[Preview]:
    """`play`: what the mail is for; an optional one shows its way out, which leads nowhere here."""
    return list(_previews(words, play, by, shop, now))


def _previews(words: Words, play: str, by: User, shop: Shop, now: datetime) -> Iterator[Preview]:
    footer = footer_of(shop, link="" if _is_owed(play) else sample_url())
    for each in AWKWARD:
        customer = Customer(name=each.name, email="maria@example.com", external_id="c1")
        facts = facts_of(customer, by=by, shop=shop, order=_order(customer, now) if each.has_order else None)
        try:
            yield Preview(each.who, each.name, render_mail(words, facts, footer=footer))
        except CannotRender as reason:
            yield Preview(each.who, each.name, None, str(reason))


def _is_owed(play: str) -> bool:
    return any(known.owed for known in plays() if known.code == play)


def _order(customer: Customer, now: datetime) -> Order:
    return Order(
        customer=customer,
        external_id="1042",
        items="Fjell jacket, moss M",
        total=Decimal("49.50"),
        placed_at=now - timedelta(days=6),
        promised_on=(now - timedelta(days=1)).date(),
    )
