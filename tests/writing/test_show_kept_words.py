"""What was kept, for managers: of those whom they may see, by rule, writer and reason, a page at a time."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.apologies.models import Offer
from apps.desk.writing.kept import PER_PAGE
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL, CSV = "/words/kept/", "/words/kept.csv"
add = factories.make_verdict


@pytest.fixture
def offer(team: Team) -> Offer:
    return factories.make_offer(task=factories.make_task(team=team, play="apology", status="waiting"))


@pytest.fixture
def others_offer(other_rep: User) -> Offer:
    return factories.make_offer(task=factories.make_task(team=other_rep.team, status="waiting"))


@pytest.fixture
def as_manager(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def words(client: Client, query: str = "") -> list[str]:
    return [row.verdict.words for row in client.get(f"{URL}{query}").context["rows"]]


def test_words_are_quoted_with_who_why_and_where(as_manager: Client, offer: Offer, rep: User) -> None:
    add(offer, rep, choice="kept", reason="true", words="I tried")
    page = as_manager.get(URL).content.decode()
    for part in ["I tried", "It is true and kind here", "Ana Duarte", f"/approvals/{offer.pk}/", "Letter"]:
        assert part in page


def test_words_of_another_team_s_letter_are_not_shown(
    as_manager: Client, offer: Offer, others_offer: Offer, rep: User, admin: User
) -> None:
    add(offer, rep, words="ours")
    add(others_offer, rep, words="theirs")
    assert words(as_manager) == ["ours"]
    assert "theirs" not in b"".join(as_manager.get(CSV)).decode()
    as_manager.force_login(admin)
    assert sorted(words(as_manager)) == ["ours", "theirs"]


def test_every_kind_of_subject_has_its_link(as_manager: Client, offer: Offer, rep: User, team: Team) -> None:
    task = factories.make_task(team=team)
    attempt = task.attempts.create(
        customer=task.customer, by=rep, outcome="talked", started_at=NOW, ended_at=NOW
    )
    rows = [offer, factories.make_feedback(), task.customer, attempt, offer.incident]
    for row in rows:
        add(row, rep)
    add(factories.Campaign.objects.get(play="welcome"), rep, place="talk_points")
    shown = as_manager.get(URL).context["rows"]
    assert len(shown) == 6
    assert all(row.about and row.about.url for row in shown)


def test_what_was_used_or_reworded_is_not_listed(as_manager: Client, offer: Offer, rep: User) -> None:
    add(offer, rep, choice="used", words="", stands=False)
    add(offer, rep, choice="changed", words="", stands=False)
    page = as_manager.get(URL).content.decode()
    assert "Nothing was kept yet" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?rule=policy.shield", ["b"]),
        ("?reason=left", ["a"]),
        ("?reason=wrong", ["b"]),
        ("?writer={manager}", ["b"]),
        ("?rule=none", []),
        ("?writer=x&reason=y&before_id=99999999999999999999", ["b", "a"]),
    ],
)
def test_words_are_found_by_rule_writer_and_reason(
    as_manager: Client, offer: Offer, rep: User, manager: User, query: str, found: list[str]
) -> None:
    add(offer, rep, words="a")
    later = NOW + timedelta(hours=1)
    add(offer, manager, words="b", rule="policy.shield", choice="kept", reason="wrong", at=later)
    assert words(as_manager, query.format(manager=manager.pk)) == found


def test_older_ones_come_a_page_at_a_time(as_manager: Client, offer: Offer, rep: User) -> None:
    for number in range(PER_PAGE + 3):
        add(offer, rep, words=str(number), at=NOW + timedelta(seconds=number // 2))
    first = as_manager.get(URL)
    second = as_manager.get(f"{URL}{first.context['older_url']}")
    both = [row.verdict.words for page in (first, second) for row in page.context["rows"]]
    assert both == [str(number) for number in reversed(range(PER_PAGE + 3))]
    assert second.context["older_url"] == ""


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("0001-01-01T00:00:00%2B14:00", ["a"]),
        ("9999-12-31T23:59:59-14:00", ["a"]),
        ("0001-01-01T00:00:00", []),
        ("9999-12-31T23:59:59Z", ["a"]),
    ],
)
def test_a_moment_at_either_end_of_the_calendar_is_no_fault(
    as_manager: Client, offer: Offer, rep: User, at: str, found: list[str]
) -> None:
    add(offer, rep, words="a")
    assert words(as_manager, f"?before_at={at}&before_id=1") == found
    assert as_manager.get(f"{CSV}?before_at={at}&before_id=1").status_code == 200


def test_the_file_holds_all_and_no_formula(as_manager: Client, offer: Offer, rep: User) -> None:
    add(offer, rep, words="=cmd()")
    add(offer, rep, words="plain", choice="kept", reason="other")
    text = b"".join(as_manager.get(f"{CSV}?rule=effort.trying")).decode()
    assert "'=cmd()" in text
    assert "Another reason" in text
    assert str(offer.incident.customer) in text
    assert text.count("\r\n") == 3


def test_a_page_takes_few_queries(
    as_manager: Client, offer: Offer, rep: User, team: Team, django_assert_max_num_queries: object
) -> None:
    for _ in range(20):
        task = factories.make_task(team=team)
        add(factories.make_offer(task=task), rep)
        add(task.customer, rep, place="note")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        as_manager.get(URL)


@pytest.mark.parametrize("role", ["rep", "marketer"])
@pytest.mark.parametrize("url", [URL, CSV])
def test_only_managers_read_what_was_kept(client: Client, shop: object, role: str, url: str) -> None:
    client.force_login(factories.make_user(Role(role)))
    assert client.get(url).status_code == 403


def test_nothing_is_posted_here(as_manager: Client) -> None:
    assert as_manager.post(URL).status_code == 405
    assert as_manager.post(CSV).status_code == 405
