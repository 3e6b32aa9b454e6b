"""Codes that cannot be guessed or mistyped into another."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.apologies.codes import ALPHABET, RANDOM, check_character, masked, new_code, normal, spellings

drawn = st.text(ALPHABET, min_size=RANDOM, max_size=RANDOM)
places = st.integers(0, RANDOM)


def whole(code: str) -> str:
    return code + check_character(code)


def swapped(code: str, one: int, other: int) -> str:
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]
    return "".join(letters)


def test_a_code_holds_eighty_bits() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert 32**RANDOM >= 2**80


def test_codes_differ_and_use_every_character() -> None:
    codes = [new_code() for _ in range(2_000)]
    assert len(set(codes)) == 2_000
    assert set("".join(codes)) == {*ALPHABET, "-"}


def test_a_code_is_grouped_to_be_read_aloud() -> None:
    code = new_code()
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4, 1]
    assert normal(code) == code


@given(drawn)
def test_it_is_read_however_it_was_typed(code: str) -> None:
    right = normal(whole(code))
    assert right
    sloppy = right.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert normal(sloppy) == normal(right.replace("1", "I").replace("0", "O")) == right


@settings(max_examples=500)
@given(drawn, places, st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_told(code: str, place: int, wrong: str) -> None:
    right = whole(code)
    if right[place] != wrong:
        assert normal(right[:place] + wrong + right[place + 1 :]) == ""


@settings(max_examples=500)
@given(drawn, places, places)
def test_every_swap_of_two_characters_is_told(code: str, one: int, other: int) -> None:
    right = whole(code)
    if right[one] != right[other]:
        assert normal(swapped(right, one, other)) == ""


@given(drawn, st.integers(0, RANDOM - 1), st.sampled_from(ALPHABET), st.sampled_from(ALPHABET))
def test_a_pair_that_became_another_pair_is_told(code: str, place: int, pair: str, other: str) -> None:
    right = whole((code[:place] + 2 * pair + code)[:RANDOM])
    if pair != other and right[place : place + 2] == 2 * pair:
        assert normal(right[:place] + 2 * other + right[place + 2 :]) == ""


@given(st.text(max_size=30))
def test_anything_may_be_typed(text: str) -> None:
    assert normal(text) in {"", *spellings(text)}


def test_a_code_too_many_or_too_few_is_none() -> None:
    code = new_code()
    assert normal(code[:-1]) == normal(code + "0") == normal("") == ""


def test_a_masked_code_shows_its_last_four() -> None:
    assert masked("K7Q2-9XTM-4WRC-H0ZN-P") == "…0ZNP"
    assert masked(None) == ""
