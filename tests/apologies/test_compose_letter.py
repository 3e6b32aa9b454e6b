import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.apologies.amounts import most_allowed
from apps.apologies.letters import addressed, compose, reworded
from apps.apologies.models import CompensationKind, IncidentKind, Severity
from apps.apologies.remedies import RemedyFacts, suggested_for
from apps.core.templatetags.ui import money
from apps.language import IncidentFacts, OfferFacts, Remedy, read_letter
from apps.language.letters import KINDS, SEVERITIES, given
from apps.language.letters.facts import written


def letter(kind: str, seed: int = 0, *, severity: str = "serious", **more: Any) -> str:
    known = {"first_name": "Grace", "order": "1009", "promised_on": date(2026, 3, 2), "by_phone": True}
    shop = more.pop("shop", "Tern & Thistle")
    facts = IncidentFacts(kind, seed, **{**known, **more})
    gift = Remedy("coupon", Decimal(40), "EUR")
    return compose(facts, gift, earlier=(), severity=severity, shop=shop)


def test_the_composer_knows_the_kinds_severities_and_gifts_of_the_programme() -> None:
    assert set(KINDS) == set(IncidentKind.values)
    assert set(SEVERITIES) == set(Severity.values)
    for kind in CompensationKind.values:
        assert given(kind, Decimal(5), "EUR") != given("", Decimal(5), "EUR")


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "BRL", "SEK", ""])
def test_a_letter_writes_money_as_the_pages_do(currency: str) -> None:
    assert written(Decimal("1234.5"), currency) == money(Decimal("1234.5"), currency)


@pytest.mark.parametrize("kind", IncidentKind.values)
@pytest.mark.parametrize("severity", Severity.values)
@pytest.mark.parametrize("by_phone", [True, False])
def test_every_letter_is_whole_and_signed_by_the_shop(kind: str, severity: str, by_phone: bool) -> None:
    for seed in range(6):
        words = letter(kind, seed, severity=severity, by_phone=by_phone)
        offer = OfferFacts("coupon", Decimal(40), "EUR")
        assert read_letter(words, severity=severity, offer=offer).is_whole, words
        assert words.startswith("Dear Grace,\n\n")
        assert words.endswith("Tern & Thistle")
        assert not re.search(r"\b(?:I|me|my)\b", words)  # the shop signs, so the shop speaks
        assert words.count("€40.00") == 1
        assert 50 <= len(words.split()) <= 220
        assert by_phone or not re.search(r"\b(?:call|ring)\b", words)


def test_without_name_order_or_day_the_letter_still_reads() -> None:
    words = letter("late", first_name="", order="", promised_on=None, shop="")
    assert words.startswith("Good day,")
    assert words.endswith("Your shop")
    assert "your order" in words.lower()
    assert "None" not in words


def test_an_order_id_that_nobody_can_read_is_left_out() -> None:
    assert "e481f51cbdc5" not in letter("lost", order="e481f51cbdc54678b7cc49136f2d6af7")


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("after", CompensationKind.values)
def test_a_changed_gift_changes_its_sentence(after: str, seed: int) -> None:
    words = letter("late", seed)
    changed = reworded(words, before=("coupon", Decimal(40)), after=(after, Decimal("55.50")), currency="EUR")
    assert "€40.00" not in changed
    assert changed.count("€55.50") == 1
    assert ("coupon" in changed) == (after == "coupon")
    assert read_letter(changed, severity="serious", offer=OfferFacts(after, Decimal("55.5"), "EUR")).is_whole


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "You paid €10.00 for the kettle. A coupon of €10.00 is in this letter.",
            "You paid €10.00 for the kettle. A coupon of €12.00 is in this letter.",
        ),
        (
            "You paid us €10.00, so here is a coupon of €10.00.",
            "You paid us €10.00, so here is a coupon of €12.00.",
        ),
        ("We send you €10.00 today.", "We send you €12.00 today."),
        ("The kettle cost €10.00.", "The kettle cost €10.00."),
        ("A coupon of €10.00\nTern & Thistle", "A coupon of €12.00\nTern & Thistle"),
        ("A coupon, not of €10.005.", "A coupon, not of €10.005."),
    ],
)
def test_a_changed_amount_leaves_other_sums_alone(words: str, told: str) -> None:
    before, after = ("coupon", Decimal(10)), ("coupon", Decimal(12))
    assert reworded(words, before=before, after=after, currency="EUR") == told


@pytest.mark.parametrize("seed", range(8))
def test_another_channel_changes_how_they_are_asked_and_back(seed: int) -> None:
    called, written_to = letter("lost", seed, by_phone=True), letter("lost", seed, by_phone=False)
    assert called != written_to
    assert addressed(called, by_phone=False) == written_to
    assert addressed(written_to, by_phone=True) == called


@pytest.mark.parametrize(
    ("severity", "total", "currency", "amount"),
    [
        (Severity.MINOR, "49.50", "EUR", "5.00"),
        (Severity.MODERATE, "49.50", "EUR", "12.00"),
        (Severity.SERIOUS, "49.50", "EUR", "40.00"),
        (Severity.SERIOUS, "2000", "EUR", "100.00"),
        (Severity.MINOR, "2", "EUR", "3.00"),
        (Severity.SERIOUS, "0.10", "EUR", "0.15"),
        (Severity.MODERATE, "26.00", "EUR", "6.50"),
        (Severity.SERIOUS, None, "EUR", "25"),
        (Severity.MINOR, "4000", "JPY", "500"),
        (Severity.SERIOUS, "4000", "JPY", "3200"),
    ],
)
def test_default_amounts(severity: str, total: str | None, currency: str, amount: str) -> None:
    facts = RemedyFacts(severity, Decimal(total) if total else None, currency)
    proposed = suggested_for(facts)
    assert proposed == Decimal(amount)


@pytest.mark.parametrize("severity", Severity.values)
@pytest.mark.parametrize("currency", ["EUR", "JPY", "BRL", "KWD"])
def test_no_default_leaves_the_rails(severity: str, currency: str) -> None:
    for cents in range(1, 30_000, 37):
        total = Decimal(cents) / 100
        amount = suggested_for(RemedyFacts(severity, total, currency))
        most = most_allowed(total, currency)
        assert most is not None
        assert Decimal(0) <= amount <= most <= total * Decimal("1.5")
