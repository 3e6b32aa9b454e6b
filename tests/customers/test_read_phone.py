"""A phone number is kept as E.164, and one that nobody could dial from anywhere is none."""

import pytest

from apps.customers.phones import e164, e164_start


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("030 901820", "DE", "+4930901820"),
        ("(020) 7946-0112", "GB", "+442079460112"),
        ("+44 20 7946 0112", "", "+442079460112"),
        ("+442079460112", "DE", "+442079460112"),
        (" +390612345678 ", "", "+390612345678"),  # an Italian 0 belongs to the number
        ("+4930901820", "", "+4930901820"),
        ("+49030901820", "", "+4930901820"),  # a German 0 does not
    ],
)
def test_a_number_is_read_with_its_country(written: str, country: str, kept: str) -> None:
    assert e164(written, country) == kept


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("12", "DE"),
        ("+4912", ""),
        ("+49 12", ""),
        ("555 1234", "US"),  # its area code is missing
        ("+15551234", "US"),
        ("+1 555 1234", "US"),
        ("+1555123456789", "US"),
        ("+999123456789", ""),
        ("030 901820", ""),
        *(("call me", "DE"), ("+", "DE"), ("", "DE")),
    ],
)
def test_what_cannot_be_a_whole_number_is_none(written: str, country: str) -> None:
    assert e164(written, country) == ""


@pytest.mark.parametrize("calling_code", ["1", "7", "39", "44", "49", "55", "352", "375", "420"])
def test_digits_alone_are_read_as_with_spaces(calling_code: str) -> None:
    """The fast way, which remembers lengths, says what the thorough one says."""
    for length in range(1, 16):
        for digits in ("2345678901234567"[:length], "0345678901234567"[:length]):
            assert e164(f"+{calling_code}{digits}", "") == e164(f"+{calling_code} {digits}", "")


def test_the_start_of_a_number_may_be_short() -> None:
    assert e164_start("030901", "DE") == "+4930901"
    assert e164_start("2125", "US") == "+12125"
    assert e164_start("never", "US") == ""
