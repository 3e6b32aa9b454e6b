"""What a report of a letter says, by severity, channel and offer."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from apps.language import OfferFacts, Remedy, read_letter
from apps.language.rules import RuleError

SENTENCES = tomllib.loads((Path(__file__).parent / "component_sentences.toml").read_text(encoding="utf-8"))
LOOK_LIKE = SENTENCES.pop("not")
WHOLE = (
    "Dear Ada, I am sorry. We lost your parcel, and that was our fault. You waited nine days and rang "
    "twice. The label had come off in the van, and nobody looked. I have sent a new one today and added "
    "€20.00 to your account as store credit. Two people now check each label. You cannot get those days "
    "back, and I know that. My direct line is 0117 496 0022. Jo Bell"
)


@pytest.mark.parametrize(("name", "sentence"), [(name, one) for name in SENTENCES for one in SENTENCES[name]])
def test_a_sentence_shows_its_component(name: str, sentence: str) -> None:
    report = read_letter(sentence, severity="minor")
    assert name in report.shown


@pytest.mark.parametrize(("name", "sentence"), [(name, one) for name in LOOK_LIKE for one in LOOK_LIKE[name]])
def test_a_sentence_that_only_looks_like_it_is_not_taken_for_it(name: str, sentence: str) -> None:
    assert name not in read_letter(sentence, severity="minor").shown


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("We are sorry if you were upset.", "apology"),
        ("We apologise for any inconvenience.", "apology"),
        ("I'm sorry to hear that.", "apology"),
        ("I understand.", "empathy"),
        ("Mistakes were made.", "admission"),
        ("Your parcel was lost.", "admission"),
        ("We will try to send another.", "remedy"),
        ("It will be here at some point next week.", "remedy"),
        ("We will never let this happen again.", "prevention"),
        ("Your parcel was late because of the snow.", "explanation"),
        ("We hope that it will be fixed soon.", "reassurance_fixed"),
        ("Please stop using it.", "support_offer"),
        ("There is no excuse.", "excuse"),
    ],
)
def test_a_sentence_that_only_looks_like_it_does_not(sentence: str, name: str) -> None:
    assert name not in read_letter(sentence, severity="minor").shown


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("We did not lose your parcel.", "admission"),
        ("Had we lost your parcel we would be sorry.", "admission"),
        ("Did we lose your parcel?", "admission"),
        ("I did not refund the $40, nor will I.", "admission"),
        ("We have not sent a new one.", "admission"),
        ("Nobody could have refunded you.", "remedy"),
        ("I would have refunded you if you had called.", "remedy"),
        ("If only I could refund you, I would sleep well.", "remedy"),
        ("I can't refund you.", "remedy"),
        ("We will never replace it.", "remedy"),
        ("Your refund has not been sent.", "remedy"),
        ("We can give you no refund.", "remedy"),
        ("We give you nothing.", "remedy"),
        ("We are unable to refund you.", "remedy"),
        ("Have we sent you a new one?", "remedy"),
        ("We should have sent you a new one.", "remedy"),
        ("You lost an hour of my time.", "empathy"),
        ("Call me on 020 1234.", "dated_act"),
        ("I hope that you call me never again.", "support_offer"),
        ("We now check nothing.", "prevention"),
        ("Do two people now check each box?", "prevention"),
    ],
)
def test_what_is_refused_asked_or_imagined_shows_nothing(sentence: str, name: str) -> None:
    assert name not in read_letter(sentence, severity="minor").shown


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("We did not reply to you.", "admission"),
        ("I did not refund the $40.", "admission"),
        ("We lost your parcel, didn't we?", "admission"),
        ("You will not be charged for this visit.", "remedy"),
        ("You pay nothing for this visit.", "remedy"),
        ("We have not only refunded you but sent a new one.", "remedy"),
        ("If you send it back, we will refund you.", "remedy"),
        ("We could not mend it, so we have sent a new one.", "remedy"),
        ("I have sent a new one, is that all right?", "remedy"),
        ("Only today have we sent you a new one.", "remedy"),
        ("I will call you on Friday.", "dated_act"),
        ("You lost an hour of your day.", "empathy"),
    ],
)
def test_a_no_or_an_if_beside_a_deed_does_not_hide_it(sentence: str, name: str) -> None:
    assert name in read_letter(sentence, severity="minor").shown


def test_a_refusal_is_no_letter_of_apology() -> None:
    report = read_letter(
        "I can't refund you. We will not replace it. We have not sent a new one.", severity="minor"
    )
    assert report.missing == ("apology", "remedy")
    assert report.score == 0


def test_a_whole_letter_lacks_nothing() -> None:
    report = read_letter(WHOLE, severity="serious", offer=OfferFacts("credit", Decimal(20), "EUR"))
    assert (report.missing, report.must_go, report.differences) == ((), (), ())
    assert report.score == 94


def test_each_component_comes_with_the_sentence_that_shows_it() -> None:
    shown = read_letter(WHOLE, severity="serious").shown["admission"]
    assert shown.words == "We lost your parcel, and that was our fault."
    assert WHOLE[shown.start : shown.end] == shown.words


@pytest.mark.parametrize(
    ("severity", "missing"),
    [
        ("minor", ("remedy",)),
        ("moderate", ("admission", "remedy", "empathy", "support_offer")),
        ("serious", ("admission", "remedy", "empathy", "support_offer", "explanation", "prevention")),
    ],
)
def test_more_is_needed_the_worse_it_was(severity: str, missing: tuple[str, ...]) -> None:
    report = read_letter("I am sorry.", severity=severity)
    assert report.missing == missing
    assert report.score == 15


def test_a_component_that_would_do_as_well_is_named() -> None:
    gap = read_letter("Your order is here.", severity="minor").gaps[0]
    assert (gap.name, gap.instead) == ("apology", ("admission",))
    assert gap.todo.startswith("Say sorry once, plainly")


@pytest.mark.parametrize(
    ("facts", "name"),
    [(OfferFacts(waited=True), "values_time"), (OfferFacts(of_a_system=True), "reassurance_fixed")],
)
def test_waiting_and_systems_ask_for_more_of_a_serious_letter(facts: OfferFacts, name: str) -> None:
    assert name in read_letter("I am sorry.", severity="serious", offer=facts).missing
    assert name not in read_letter("I am sorry.", severity="moderate", offer=facts).missing


def test_a_wait_is_read_from_the_letter_where_nobody_tells() -> None:
    letter = "I am sorry. You waited three hours."
    assert "values_time" in read_letter(letter, severity="serious").missing
    assert (
        "values_time" not in read_letter(letter, severity="serious", offer=OfferFacts(waited=False)).missing
    )


@pytest.mark.parametrize(
    ("text", "channel", "missing"),
    [
        ("Sorry Ed, we sent the wrong cake. The right one is with you by 4.", "chat", ()),
        ("Sorry Ed, we sent the wrong cake.", "sms", ("dated_act",)),
        ("Sorry. We sent the wrong cake. The right one is with you by 4.", "chat", ("brevity",)),
        ("Listened to him. Apologised, our mistake. Sent a new one, calling him on Friday.", "call_note", ()),
        ("Our mistake. Have sent a new one.", "call_note", ("listened", "empathy", "dated_act")),
        ("You are right about the stairs. We have put up a new photo.", "feedback_reply", ()),
        ("Thank you.", "feedback_reply", ("named_point", "prevention")),
    ],
)
def test_each_channel_has_its_own_needs(text: str, channel: str, missing: tuple[str, ...]) -> None:
    report = read_letter(text, severity="moderate", channel=channel)
    assert report.missing == missing


def test_a_letter_on_paper_is_signed_by_a_person() -> None:
    assert read_letter(WHOLE, severity="minor", channel="letter").missing == ()
    unsigned = WHOLE.removesuffix(" Jo Bell")
    assert read_letter(unsigned, severity="minor", channel="letter").missing == ("signature",)


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("Owing to unforeseen circumstances your parcel is late.", "excuse"),
        ("The delay was caused by the courier.", "blames_other"),
        ("We are sorry if you felt ignored.", "nonapology"),
        ("We promise that this will not happen again.", "bare_promise"),
    ],
)
def test_what_does_harm_must_go_and_is_told_with_its_place(sentence: str, fault: str) -> None:
    text = f"Dear Ada, thank you. {sentence}"
    faults = {one.what: one for one in read_letter(text, severity="minor").faults}
    assert fault in faults
    assert text[faults[fault].start : faults[fault].end] == sentence
    assert faults[fault].message


def test_a_promise_that_follows_from_a_done_act_may_stay() -> None:
    text = "Two people now check each box, so that this will not happen again."
    assert "bare_promise" not in read_letter(text, severity="minor").must_go


@pytest.mark.parametrize(
    ("before", "now", "goes"),
    [
        ((), OfferFacts("coupon", Decimal(10), "EUR"), False),
        ((Remedy(),), OfferFacts("coupon", Decimal(10), "EUR"), False),
        ((Remedy("coupon", Decimal(10), "EUR"),), OfferFacts("coupon", Decimal(10), "EUR"), True),
        ((Remedy("coupon", Decimal(10), "EUR"),), OfferFacts("coupon", Decimal(25), "EUR"), False),
        ((Remedy("coupon", Decimal(10), "EUR"),), OfferFacts("refund", Decimal(10), "EUR"), False),
        ((Remedy("coupon", Decimal(10), "EUR"),), OfferFacts("coupon", Decimal(500), "JPY"), True),
        ((Remedy("coupon", None, ""),), OfferFacts("coupon", Decimal(10), "EUR"), False),
    ],
)
def test_a_second_apology_needs_a_new_remedy(before: tuple[Remedy, ...], now: OfferFacts, goes: bool) -> None:
    offer = OfferFacts(now.kind, now.amount, now.currency, given_before=before)
    assert ("second_apology" in read_letter(WHOLE, severity="minor", offer=offer).must_go) is goes


def test_a_second_apology_of_words_alone_must_go() -> None:
    offer = OfferFacts(given_before=(Remedy("coupon", Decimal(10), "EUR"),))
    assert "second_apology" in read_letter("I am sorry.", severity="minor", offer=offer).must_go


def test_a_public_reply_keeps_private_data_out() -> None:
    text = "Sorry, we lost order 10421. A new one is with you by 4."
    assert "private_data" in read_letter(text, severity="minor", channel="social").must_go
    assert "private_data" not in read_letter(text, severity="minor", channel="chat").must_go


@pytest.mark.parametrize(
    ("words", "offer", "told"),
    [
        ("a coupon of €40.00", OfferFacts("coupon", Decimal(40), "EUR"), []),
        ("a coupon of 40 EUR", OfferFacts("coupon", Decimal("40.00"), "EUR"), []),
        ("a coupon of 1.200,50 €", OfferFacts("coupon", Decimal("1200.50"), "EUR"), []),
        ("a coupon of ¥3,200", OfferFacts("coupon", Decimal(3200), "JPY"), []),
        ("a coupon of CHF 1'040.00", OfferFacts("coupon", Decimal(1040), "CHF"), []),
        ("a coupon of CHF 1\u2019040", OfferFacts("coupon", Decimal(1040), "CHF"), []),
        ("a refund of €40, no coupon", OfferFacts("coupon", Decimal(40), "EUR"), ["kind"]),
        ("a refund of €40 instead of a coupon", OfferFacts("coupon", Decimal(40), "EUR"), ["kind"]),
        ("no refund but a coupon of €40", OfferFacts("coupon", Decimal(40), "EUR"), []),
        ("a coupon of $40", OfferFacts("coupon", Decimal(40), "EUR"), ["currency"]),
        ("a coupon of €30", OfferFacts("coupon", Decimal(40), "EUR"), ["amount"]),
        ("a coupon", OfferFacts("coupon", Decimal(40), "EUR"), ["amount"]),
        ("a refund of €40", OfferFacts("coupon", Decimal(40), "EUR"), ["kind"]),
        ("a coupon with the code TEA20", OfferFacts("coupon", code="TEA20"), []),
        ("a coupon with the code TEA25", OfferFacts("coupon", code="TEA20"), ["code"]),
        ("a refund on 14 March", OfferFacts("refund", on=date(2026, 3, 14)), []),
        ("a refund on Saturday", OfferFacts("refund", on=date(2026, 3, 14)), []),
        ("a refund on 15 March", OfferFacts("refund", on=date(2026, 3, 14)), ["date"]),
        ("nothing", OfferFacts(), []),
    ],
)
def test_the_remedy_in_the_letter_is_the_one_of_the_offer(
    words: str, offer: OfferFacts, told: list[str]
) -> None:
    report = read_letter(f"I am sorry. We have sent you {words}.", severity="minor", offer=offer)
    assert [one.what for one in report.differences] == told
    assert all(one.message for one in report.differences)


def test_a_difference_says_both() -> None:
    offer = OfferFacts("coupon", Decimal(40), "EUR")
    report = read_letter("We have sent you a coupon of €30.", severity="minor", offer=offer)
    assert report.differences[0].message == (
        "The letter says €30, the offer €40.00: what they read must be what is given."
    )


@pytest.mark.parametrize("facts", [{"severity": "grave"}, {"severity": "minor", "channel": "fax"}])
def test_an_unknown_severity_or_channel_is_an_error(facts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="is one of"):
        read_letter("I am sorry.", **facts)


@pytest.mark.parametrize("text", ["", "   \n", "?!", "a" * 20_000, "sorry " * 5_000, "\ud83d\ude00" * 10])
def test_any_text_can_be_read(text: str) -> None:
    assert read_letter(text, severity="serious").missing


def test_a_team_adds_its_own_signs(tmp_path: Path) -> None:
    folder = tmp_path / "components"
    folder.mkdir()
    (folder / "apology.toml").write_text(
        'component = "apology"\nabout = "In Welsh"\ntodo = "Say sorry."\nsource = "The Cardiff desk"\n'
        'patterns = ["mae ddrwg gen i"]\n'
    )
    ours = read_letter("Mae ddrwg gen i, Ada.", severity="minor", folders=(tmp_path,))
    assert "apology" in ours.shown
    assert read_letter("I am sorry.", severity="minor", folders=(tmp_path,)).score == 15
    assert "apology" not in read_letter("Mae ddrwg gen i, Ada.", severity="minor").shown


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('component = "x"', "'about' must be a text"),
        (
            'component = "x"\nabout = "a"\ntodo = "t"\nsource = "s"\nasked_if = "nope"',
            "there is no sign 'nope'",
        ),
        (
            'component = "x"\nabout = "a"\ntodo = "t"\nsource = "s"\ncolour = "red"',
            "'colour' is not known here",
        ),
        (
            'component = "x"\nabout = "a"\ntodo = "t"\nsource = "s"\npatterns = ["@nope"]',
            "there is no class @nope",
        ),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_place(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "components").mkdir()
    (tmp_path / "components" / "mine.toml").write_text(content)
    with pytest.raises(RuleError, match=r"mine\.toml") as error:
        read_letter("I am sorry.", severity="minor", folders=(tmp_path,))
    assert told in str(error.value)
