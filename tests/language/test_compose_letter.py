"""First drafts from the facts: whole, plain, and not the same for two customers."""

import random
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from apps.language import Author, IncidentFacts, OfferFacts, check, compose_letter, read_letter
from apps.language.letters import SEVERITIES
from apps.language.letters.composing import KINDS

SHOP = Author("Tern & Thistle", is_firm=True)
PERSON = Author("Jo Bell", "Shop manager", "0117 496 0022")
WRITER = Author("Jo Bell", reach="jo@tern.example")
COUPON = OfferFacts("coupon", Decimal(40), "EUR")
Case = tuple[IncidentFacts, OfferFacts, str, Author]


def cases(count: int) -> Iterator[Case]:
    """Facts as they come: some known, some not."""
    pick = random.Random(7)
    for key in range(count):
        facts = IncidentFacts(
            kind=pick.choice(KINDS),
            key=key,
            first_name=pick.choice(["Grace", "Amir", "Zoë", ""]),
            order=pick.choice(["1009", "A-77", "", "e481f51cbdc54678b7cc49136f2d6af7"]),
            promised_on=pick.choice([None, date(2026, 3, 2)]),
            has_arrived=pick.random() < 0.3,
            had_to=pick.choice(["", "", "ring us three times", "take a day off work."]),
            cause=pick.choice(["", "", "the label had come off in the van"]),
            changed=pick.choice(["", "", "Two people now check each label."]),
            restored=pick.choice(["", "", "your line is working again"]),
            waited=pick.choice([None, True, False]),
            by_phone=pick.random() < 0.5,
        )
        offer = OfferFacts(
            kind=pick.choice(["coupon", "refund", "credit", "gift", ""]),
            amount=pick.choice([Decimal(10), Decimal("25.50"), Decimal(1200), None]),
            currency=pick.choice(["EUR", "USD", "JPY", "BRL", "SEK"]),
            code=pick.choice(["", "TEA20"]),
            on=pick.choice([None, date(2026, 3, 14)]),
            waited=facts.waited,
            of_a_system=bool(facts.restored),
        )
        yield facts, offer, pick.choice(SEVERITIES), pick.choice([SHOP, PERSON, WRITER])


def test_a_thousand_drafts_lack_nothing_and_hurt_nobody() -> None:
    texts = set()
    for facts, offer, severity, author in cases(1000):
        words = compose_letter(facts, offer, severity=severity, author=author)
        texts.add(words)
        report = read_letter(words, severity=severity, offer=offer)
        assert report.is_whole, (words, report)
        assert check(words) == []
        assert len(re.findall(r"sorry|apolog", words, re.I)) == 1
        assert not re.search(r"[{}]|None|\.\.", words), words
        assert 45 <= len(words.split()) <= 220
    assert len(texts) >= 900


@pytest.mark.parametrize("kind", KINDS)
def test_two_customers_with_the_same_story_get_different_letters(kind: str) -> None:
    letters = {
        compose_letter(IncidentFacts(kind, key), COUPON, severity="serious", author=SHOP)
        for key in range(100)
    }
    assert len(letters) >= 95


def test_the_same_incident_always_gives_the_same_letter() -> None:
    first, again = (
        compose_letter(IncidentFacts("lost", 4), COUPON, severity="minor", author=SHOP) for _ in range(2)
    )
    assert first == again


@pytest.mark.parametrize("key", range(8))
def test_what_is_known_is_said(key: int) -> None:
    facts = IncidentFacts(
        "late",
        key,
        first_name="Grace",
        order="1009",
        promised_on=date(2026, 3, 2),
        had_to="ring us three times",
        cause="the label had come off in the van",
        changed="two people now check each label",
    )
    offer = OfferFacts("coupon", Decimal(40), "EUR", code="TEA20", on=date(2026, 3, 14))
    words = compose_letter(facts, offer, severity="serious", author=PERSON)
    assert words.startswith("Dear Grace,\n\n")
    assert words.endswith("Jo Bell\nShop manager")
    said = [
        "ring us three times",
        "label had come off",
        "two people now check",
        "€40.00",
        "TEA20",
        "14 March",
    ]
    for one in [*said, "0117 496 0022", "2 March" if "2 March" in words else "", "order 1009"]:
        assert one in words


@pytest.mark.parametrize("key", range(8))
def test_a_firm_says_we_and_a_person_i(key: int) -> None:
    ours = compose_letter(IncidentFacts("wrong", key), COUPON, severity="serious", author=SHOP)
    assert not re.search(r"\b(?:I|me|my)\b", ours)
    mine = compose_letter(IncidentFacts("wrong", key), COUPON, severity="serious", author=PERSON)
    assert re.search(r"\bI (?:am sorry|apologise)", mine)


@pytest.mark.parametrize("key", range(8))
@pytest.mark.parametrize(
    "facts",
    [
        {"cause": "the courier lost it, which was out of our hands"},
        {"changed": "we will try to do better"},
        {"changed": "we promise to do better next time"},
        {"changed": "it will not happen again"},
        {"changed": "we will try harder"},
        {"had_to": "wait, because you did not read the terms"},
    ],
)
def test_blame_and_bare_promises_are_left_out(key: int, facts: dict[str, str]) -> None:
    words = compose_letter(IncidentFacts("lost", key, **facts), COUPON, severity="serious", author=SHOP)
    assert next(iter(facts.values())) not in words
    assert read_letter(words, severity="serious", offer=COUPON).is_whole


@pytest.mark.parametrize(
    ("had_to", "said"),
    [
        ("Ring us 3 times", "ou had to ring us 3 times."),
        ("Ring us 3 times. You shouted", "ou had to ring us 3 times."),
        ("fetch it at St. Pancras by 4 p.m. on foot", "ou had to fetch it at St. Pancras by 4 p.m. on foot."),
    ],
)
def test_what_they_had_to_do_goes_on_in_the_sentence(had_to: str, said: str) -> None:
    for key in range(4):
        words = compose_letter(
            IncidentFacts("lost", key, had_to=had_to), COUPON, severity="minor", author=SHOP
        )
        assert said in words
        assert "shouted" not in words


def test_an_abbreviation_in_a_fact_opens_no_sentence() -> None:
    facts = IncidentFacts("lost", cause="the box went to no. 12 instead of approx. twenty doors on")
    words = compose_letter(facts, COUPON, severity="minor", author=SHOP)
    assert "no. 12 instead of approx. twenty doors on." in words


@pytest.mark.parametrize("has_arrived", [True, False])
def test_a_late_parcel_without_a_day_names_none_twice(has_arrived: bool) -> None:
    for key in range(20):
        facts = IncidentFacts("late", key, has_arrived=has_arrived)
        words = compose_letter(facts, COUPON, severity="serious", author=SHOP)
        assert "for the day we named" not in words
        assert "named the day we named" not in words
        assert read_letter(words, severity="serious", offer=COUPON).is_whole, words


def test_a_late_parcel_that_is_there_is_not_asked_for() -> None:
    for key in range(12):
        facts = IncidentFacts("late", key, has_arrived=True)
        words = compose_letter(facts, COUPON, severity="minor", author=SHOP)
        assert "still not with you" not in words
        assert "now that it is with you" in words


@pytest.mark.parametrize("wrong", [{"kind": "eaten"}, {"severity": "grave"}])
def test_an_unknown_kind_or_severity_is_an_error(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="is one of"):
        compose_letter(
            IncidentFacts(wrong.get("kind", "late")),
            COUPON,
            severity=wrong.get("severity", "minor"),
            author=SHOP,
        )
