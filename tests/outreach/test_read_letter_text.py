"""What a customer wrote is told from the history below it, in text and in HTML, however long it is."""

from time import perf_counter

import pytest

from apps.outreach.letter_text import said_and_quoted, words_of


@pytest.mark.parametrize(
    "history",
    [
        "On Wed, 4 Mar 2026 at 10:00, Tern & Thistle <care@example.com> wrote:\n> Thank you",
        "On Wed, 4 Mar 2026 at 10:00, Tern & Thistle\n<care@example.com> wrote:\n\n> Thank you",
        "Am Mi., 4. März 2026 um 10:00 Uhr schrieb Tern & Thistle <care@example.com>:\n> Danke",
        "Le mer. 4 mars 2026 à 10:00, Tern & Thistle a écrit :\n> Merci",
        "-----Original Message-----\nFrom: Tern & Thistle",
        "________________________________\nFrom: Tern & Thistle",
        "> Thank you\n> for your order",
    ],
)
def test_the_history_below_is_set_apart(history: str) -> None:
    own = "Still broken.\n\nOn it I wrote nothing.\n> only one line quoted\nGrace"
    said, quoted = said_and_quoted(f"{own}\n\n{history}\n")
    assert (said, quoted) == (own, history)


def test_a_mail_of_nothing_but_history_is_given_whole() -> None:
    assert words_of("> Thank you\n> for your order") == "> Thank you\n> for your order"


def test_of_a_mail_in_html_the_words_are_read() -> None:
    head = "<html><head><title>T</title><style>p {x}</style></head>"
    markup = f"{head}<body><p>Fish &amp; chips</p><STYLE a>x</STYLE ><div>cold<br>again</div></body>"
    assert words_of(" ", markup) == "Fish & chips\ncold\nagain"


@pytest.mark.parametrize(
    "text",
    [
        ">" * 100_000,
        ">\n" * 50_000 + "x",
        "On x\n" * 40_000,
        ("On " + "x" * 390 + "\n") * 500,
        "-" * 200_000,
    ],
    ids=["arrows", "quotes", "short lines", "long lines", "dashes"],
)
def test_a_mail_that_is_made_to_be_slow_is_not(text: str) -> None:
    began = perf_counter()
    words_of(text)
    words_of("", text.replace(">", "<style").replace("-", "<"))
    assert perf_counter() - began < 5
