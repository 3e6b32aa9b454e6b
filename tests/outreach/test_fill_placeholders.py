import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.core.placeholders import fill, parts_of
from apps.outreach.placeholders import PLACEHOLDERS, Slot, slot_of, unknown_placeholders
from apps.outreach.templating import CannotRender, Footer, UnknownPlaceholder, Words, render_mail

FACTS = {name: f"<{name}>" for name in PLACEHOLDERS}
FOOTER = Footer("Tern & Thistle")
ATTACKS = [
    "{{7*7}}",
    "{% debug %}",
    "{% include 'base.html' %}",
    "{{ request.user.password }}",
    "{first_name.__class__}",
    "{first_name.__class__.__mro__}",
    "{first_name[0]}",
    "{first_name!r}",
    "{first_name:>1000000}",
    "{0}",
    "{}",
    "{ }",
    "{{first_name}}",
    "{first_name{name}}",
    "{first_name|{name}}",
    "{first_name|<b>}",
    "{first_name|a.b}",
    "{FIRST_NAME}",
    "{secret}",
    "{first_name",
    "first_name}",
    "%(first_name)s",
    "${first_name.x}",
    "#{7*7}",
]
WRITTEN = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=string.punctuation + "first_namorde 17\n", max_size=120),
    st.lists(
        st.sampled_from([*ATTACKS, "{first_name}", "{name|friend}", "{", "}", "|", "text"]), max_size=8
    ).map("".join),
)


def mail(body: str) -> str:
    """The written part of the plain text."""
    return render_mail(Words("Hello", body), FACTS, footer=FOOTER).text.removesuffix(
        "\n\n-- \nTern & Thistle\n"
    )


def test_a_placeholder_may_bring_words_of_its_own() -> None:
    assert slot_of("first_name") == Slot("first_name")
    assert slot_of("first_name|friend") == Slot("first_name", "friend")
    assert slot_of("order|your last order") == Slot("order", "your last order")
    assert slot_of("first_name|cher ami Zoë") == Slot("first_name", "cher ami Zoë")


@pytest.mark.parametrize(
    "inside",
    ["", "secret", "first_name|", "first_name|a1", "first_name|<b>", "first_name| x", "first_name|a|b"],
)
def test_nothing_else_is_one(inside: str) -> None:
    assert slot_of(inside) is None


@pytest.mark.parametrize("attack", [each for each in ATTACKS if "{" in each or "}" in each])
def test_what_looks_like_code_is_refused_by_name(attack: str) -> None:
    assert unknown_placeholders(attack)
    with pytest.raises(
        UnknownPlaceholder, match=r"is no placeholder of a mail\. These are: \{first_name\}, \{name\}"
    ):
        mail(f"Dear {attack}")


def test_what_has_no_braces_is_only_words() -> None:
    assert mail("%(first_name)s and 7*7") == "%(first_name)s and 7*7"


@settings(max_examples=10_000, deadline=None)
@given(WRITTEN)
@example("{{7*7}}")
@example("{first_name}{name|a b}")
def test_any_words_are_refused_or_come_out_as_written(written: str) -> None:
    """Besides what the allow-list names nothing is looked up, computed or formatted."""
    body = f"x{written}x"
    try:
        text = mail(body)
    except CannotRender:
        return
    expected = body.replace("\r\n", "\n").replace("\r", "\n")
    for name in PLACEHOLDERS:
        for slot in {part.written for part in parts_of(expected) if part.inside is not None}:
            if slot.strip("{} \t\n\x0b\x0c").partition("|")[0].strip() == name:
                expected = expected.replace(slot, FACTS[name])
    assert text == expected


@given(st.text())
def test_parts_joined_are_the_text_again(text: str) -> None:
    assert "".join(part.written for part in parts_of(text)) == text
    assert fill(text, lambda _: None) == text


def test_what_was_put_in_is_not_read_again() -> None:
    body = "{first_name}, {rep}"
    facts = {**FACTS, "first_name": "{rep}", "rep": "Ana"}
    assert render_mail(Words("Hi", body), facts, footer=FOOTER).text.startswith("{rep}, Ana\n")
