import pytest

from apps.core.templatetags.ui import language_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("en", "English"),
        ("de-AT", "German"),
        ("pt_BR", "Portuguese"),
        ("zh-Hant-TW", "Chinese"),
        ("EN", "English"),
    ],
)
def test_a_code_is_said_as_a_name(code: str, name: str) -> None:
    assert language_name(code) == name


@pytest.mark.parametrize("written", ["English", "xx", "", "12", "no idea", "<b>"])
def test_what_is_no_code_stays_as_it_was_written(written: str) -> None:
    assert language_name(written) == written
