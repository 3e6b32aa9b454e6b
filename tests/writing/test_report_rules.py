"""How good each rule is: the worst first, a percentage only where enough is known."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.customers.models import Customer
from apps.writing.models import Verdict
from apps.writing.report import ENOUGH, rule_figures
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/words/rules/"


def add(rule: str, number: int = 1, *, choice: str = "used", reason: str = "", at: object = None) -> None:
    words = choice in {"kept", "left"}
    start = Verdict.objects.count()
    Verdict.objects.bulk_create(
        Verdict(
            at=at or timezone.now(),
            subject=Customer._meta.label_lower,
            subject_id=start + each,
            place="note",
            rule=rule,
            category="effort",
            severity="stop",
            choice=choice,
            reason=reason,
            words="secret" if words else "",
            stands=words,
        )
        for each in range(number)
    )


def test_each_answer_is_counted_once() -> None:
    add("a.one", 3)
    add("a.one", 2, choice="changed")
    add("a.one", 4, choice="left")
    for number, reason in enumerate(["true", "customer", "wrong", "other"], start=1):
        add("a.one", number, choice="kept", reason=reason)
    [row] = rule_figures(since=NOW)
    assert (row.shown, row.used, row.changed, row.left) == (19, 3, 2, 4)
    assert (row.true, row.customer, row.wrong, row.other) == (1, 2, 3, 4)
    assert row.judged == 6
    assert row.precision is None


def test_the_worst_comes_first_and_the_unknown_last() -> None:
    add("good.rule", ENOUGH)
    add("bad.rule", 4)
    add("bad.rule", ENOUGH - 4, choice="kept", reason="wrong")
    add("new.rule", ENOUGH - 1, choice="kept", reason="wrong")
    rows = rule_figures(since=NOW)
    assert [(row.rule, row.precision, row.is_bad) for row in rows] == [
        ("bad.rule", 0.4, True),
        ("good.rule", 1.0, False),
        ("new.rule", None, False),
    ]


def test_the_page_says_it_in_words(client: Client, marketer: User) -> None:
    add("bad.rule", ENOUGH, choice="kept", reason="wrong")
    add("new.rule", 3)
    client.force_login(marketer)
    page = client.get(URL).content.decode()
    assert "1 rule is wrong more often than right" in page
    assert "0 %" in page
    assert "3 answers" in page
    assert "secret" not in page
    assert "/words/kept/" not in page


def test_a_manager_gets_from_a_rule_to_its_words(client: Client, manager: User) -> None:
    add("bad.rule")
    client.force_login(manager)
    assert "/words/kept/?rule=bad.rule" in client.get(URL).content.decode()


@pytest.mark.parametrize(("days", "rows"), [("", 1), ("?days=28", 0), ("?days=365", 2), ("?days=x", 1)])
def test_the_days_are_chosen(client: Client, manager: User, days: str, rows: int) -> None:
    now = timezone.now()
    add("a.one", at=now - timedelta(days=60))
    add("b.two", at=now - timedelta(days=200))
    client.force_login(manager)
    assert len(client.get(f"{URL}{days}").context["rows"]) == rows


def test_an_empty_page_has_a_next_step(client: Client, manager: User) -> None:
    client.force_login(manager)
    page = client.get(URL).content.decode()
    assert "No finding was answered in these days" in page
    assert "/help/" in page


def test_the_figures_take_one_query(
    client: Client, manager: User, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        add(f"rule.{number}", 2)
    client.force_login(manager)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get(URL)


def test_a_rep_does_not_see_the_rules(client: Client, rep: User) -> None:
    client.force_login(rep)
    assert client.get(URL).status_code == 403
    assert client.post(URL).status_code == 405


def test_the_pages_hang_at_the_shift_board(client: Client, manager: User, marketer: User, rep: User) -> None:
    client.force_login(manager)
    page = client.get(URL)
    current = [place.name for place in page.context["places"].main if place.current]
    assert current == ["Reports"]
    assert f'href="{URL}"' in client.get("/shift/").content.decode()
    client.force_login(rep)
    assert f'href="{URL}"' not in client.get("/shift/").content.decode()
