"""The endpoint behind the box: reads a draft, answers with its findings, keeps nothing."""

import logging
import re
from html import escape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps import language
from apps.accounts.models import Role, User
from apps.language import Context, Finding
from apps.writing import checking
from apps.writing.checking import LONGEST
from apps.writing.models import Verdict
from apps.writing.views import LARGEST
from tests import factories

from . import fake_checker
from .conftest import PHRASE, Tokens

URL = "/writing/check/"
DRAFT = {
    "text": f"Hello. {PHRASE} you.",
    "channel": "letter",
    "play": "apology",
    "name": "w",
}


def page(client: Client, **fields: object) -> str:
    answer = client.post(URL, {**DRAFT, **fields})
    assert answer.status_code == 200
    return answer.content.decode()


def spans(html: str) -> list[tuple[int, int]]:
    return [(int(a), int(b)) for a, b in re.findall(r'data-start="(\d+)" data-end="(\d+)"', html)]


def test_a_finding_has_its_place_its_reason_and_a_better_sentence(signed_in: Client) -> None:
    html = page(signed_in)
    assert "1 thing to look at" in html
    assert spans(html) == [(7, 7 + len(PHRASE))]
    assert "They need the result" in html
    assert 'data-use="I will help"' in html
    assert "It is true and kind here" in html


def test_the_product_s_own_checker_is_asked(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "check", language.check)
    [(start, end), *_] = spans(page(signed_in, text=f"Hello. {PHRASE} you."))
    assert 7 <= start < end <= 7 + len(f"{PHRASE} you.")


def test_kind_words_have_no_findings(signed_in: Client) -> None:
    assert page(signed_in, text="I will ring you at three.").strip() == ""
    assert page(signed_in, text=" \n ").strip() == ""


@pytest.mark.parametrize(
    ("before", "start"),
    [("😀 ", 2), ("a\r\nb\r\n", 4), ("👩‍👩‍👧 é ", 8), ("", 0)],
    ids=["emoji", "lines", "joined", "first"],
)
def test_places_are_code_points_of_the_text_as_a_box_counts_it(
    signed_in: Client, before: str, start: int
) -> None:
    assert spans(page(signed_in, text=f"{before}{PHRASE} you")) == [(start, start + len(PHRASE))]


def test_spaces_at_the_ends_are_counted(signed_in: Client) -> None:
    assert spans(page(signed_in, text=f"  {PHRASE} \n")) == [(2, 2 + len(PHRASE))]


def test_what_was_kept_comes_back_as_kept(signed_in: Client, tokens: Tokens) -> None:
    [token] = tokens(page(signed_in))
    html = page(signed_in, w_kept_1=f"true {token}")
    assert "Kept: It is true and kind here" in html
    assert "Kept as you wrote it" in html


def test_words_are_escaped(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "</q><script>alert('x')</script>\" onfocus=\"x"
    finding = Finding(0, len(hostile), "effort", "stop", hostile, (hostile,), fake_checker.RULE, "tests")
    monkeypatch.setattr(checking, "check", lambda text, *, context, folders: [finding])
    html = page(signed_in, text=hostile)
    assert html.count(escape(hostile)) >= 4  # quoted, told, shown as a sentence, and on its button
    assert "<script>" not in html
    assert 'onfocus="' not in html


def test_the_checker_is_told_where_and_by_whom(
    signed_in: Client, rep: User, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Context] = []
    monkeypatch.setattr(checking, "check", lambda text, *, context, folders: told.append(context) or [])
    page(signed_in)
    assert (told[0].channel, told[0].play, told[0].role) == ("letter", "apology", "rep")
    assert told[0].colleagues == {"Ana", "Ida"}
    assert not (told[0].carriers or told[0].departments or told[0].customer_words)  # as docs/language.md says


def test_the_text_is_neither_kept_nor_logged(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(text: str, *, context: Context, folders: object) -> list[object]:
        raise ValueError(text)

    monkeypatch.setattr(checking, "check", fails)
    with caplog.at_level(logging.DEBUG):
        assert page(signed_in).strip() == ""
    assert "The checker failed: ValueError" in caplog.text
    assert "trying" not in caplog.text
    assert not Verdict.objects.exists()


def test_a_draft_takes_no_query_but_names_every_five_minutes(signed_in: Client) -> None:
    page(signed_in)
    with CaptureQueriesContext(connection) as queries:
        page(signed_in)
    assert not [query["sql"] for query in queries if "writing" in query["sql"]]
    assert len(queries) <= 2, [query["sql"] for query in queries]  # session, user


def test_a_draft_has_a_largest_size(signed_in: Client) -> None:
    assert signed_in.post(URL, {**DRAFT, "text": "x" * LARGEST}).status_code == 413
    assert signed_in.post(URL, {**DRAFT, "text": "x" * (LONGEST + 1)}).status_code == 422


@pytest.mark.parametrize("wrong", [{"channel": "radio"}, {"play": "chess"}, {"name": "a b"}])
def test_what_no_page_sends_is_refused(signed_in: Client, wrong: dict[str, str]) -> None:
    assert signed_in.post(URL, {**DRAFT, **wrong}).status_code == 422


def test_nobody_checks_without_signing_in(client: Client, shop: object) -> None:
    assert client.post(URL, DRAFT).status_code == 302


def test_a_draft_is_posted_with_the_page_s_token(rep: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(rep)
    assert strict.post(URL, DRAFT).status_code == 403
    assert strict.get(URL).status_code == 405


@pytest.mark.parametrize("role", ["rep", "manager", "marketer", "admin"])
def test_everybody_who_works_here_may_check(client: Client, shop: object, role: str) -> None:
    client.force_login(factories.make_user(Role(role)))
    assert "1 thing to look at" in page(client)
