import re
from datetime import date
from decimal import Decimal

import pytest

from apps.apologies.amounts import default_amount, most_allowed
from apps.apologies.checks import EXCUSES, OWNED, SORRY
from apps.apologies.letters import LetterFacts, compose, reworded
from apps.apologies.models import Compensation, IncidentKind, Severity


def facts(kind: str, seed: int = 0, **more: object) -> LetterFacts:
    known = {
        "first_name": "Grace",
        "order": "1009",
        "promised_on": date(2026, 3, 2),
        "shop": "Tern & Thistle",
    }
    return LetterFacts(kind, Decimal("40"), "EUR", seed, **{**known, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", IncidentKind.values)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("by_phone", [True, False])
def test_every_letter_owns_the_fault_without_excuse_and_names_the_gift(
    kind: str, seed: int, by_phone: bool
) -> None:
    words = compose(facts(kind, seed, by_phone=by_phone))
    assert words.startswith("Dear Grace,\n\n")
    assert words.endswith("Tern & Thistle")
    assert not re.search(r"\b(?:I|me|my)\b", words)  # the shop signs, so the shop speaks
    assert len(SORRY.findall(words)) == 1
    assert OWNED.search(words)
    assert EXCUSES.search(words) is None
    assert words.count("€40.00") == 1
    assert not re.search(r"[{}]", words)
    assert 50 <= len(words.split()) <= 220
    assert by_phone or "call" not in words


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("by_phone", [True, False])
def test_a_late_parcel_that_is_there_is_not_asked_for(seed: int, by_phone: bool) -> None:
    words = compose(facts("late", seed, by_phone=by_phone, has_arrived=True))
    assert "still not with you" not in words
    assert "now that it is with you, and we put that right." in words
    assert OWNED.search(words)
    assert EXCUSES.search(words) is None
    assert 50 <= len(words.split()) <= 220


@pytest.mark.parametrize("kind", IncidentKind.values)
def test_letters_of_one_kind_differ(kind: str) -> None:
    assert len({compose(facts(kind, seed)) for seed in range(6)}) >= 2


def test_without_name_order_or_day_the_letter_still_reads() -> None:
    words = compose(facts("late", first_name="", order="", promised_on=None, shop=""))
    assert words.startswith("Good day,")
    assert "your order" in words
    assert "None" not in words


def test_an_order_id_that_nobody_can_read_is_left_out() -> None:
    assert "e481f51cbdc5" not in compose(facts("lost", order="e481f51cbdc54678b7cc49136f2d6af7"))


@pytest.mark.parametrize("after", Compensation.values)
def test_a_changed_gift_changes_its_sentence(after: str) -> None:
    words = compose(facts("late"))
    changed = reworded(words, before=("coupon", Decimal(40)), after=(after, Decimal("55.50")), currency="EUR")
    assert "€40.00" not in changed
    assert changed.count("€55.50") == 1
    assert ("coupon" in changed) == (after == "coupon")


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
    proposed = default_amount(severity, Decimal(total) if total else None, currency)
    assert proposed == Decimal(amount)


@pytest.mark.parametrize("severity", Severity.values)
@pytest.mark.parametrize("currency", ["EUR", "JPY", "BRL", "KWD"])
def test_no_default_leaves_the_rails(severity: str, currency: str) -> None:
    for cents in range(1, 30_000, 37):
        total = Decimal(cents) / 100
        amount, most = default_amount(severity, total, currency), most_allowed(total, currency)
        assert most is not None
        assert Decimal(0) <= amount <= most <= total * Decimal("1.5")
