from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import Team, User
from apps.campaigns.models import Campaign
from apps.feedback.models import FeedbackItem
from apps.feedback.services import answer, open_item, record_unanswerable
from apps.worklist.models import CareTask, TaskStatus
from tests import factories
from tests.feedback.conftest import enroll

URL = "/feedback/"
FRAME = 6  # session, user, shop, what waits, today's share, the draft of a contact


def page_of(client: Client, item: FeedbackItem) -> str:
    return client.get(reverse("desk:feedback_item", args=[item.pk])).content.decode()


def test_the_list_speaks_in_the_customers_words(signed_in: Client, item: FeedbackItem) -> None:
    page = signed_in.get(URL).content.decode()
    assert "1 waits for an answer" in page
    assert "The jacket is fine, the wait was not." in page
    assert "Complaint · shop, 2 of 5" in page
    assert f"Answer {item.customer}" in page


def test_unhappy_customers_are_due_first_then_by_age(signed_in: Client, shop: object) -> None:
    at = factories.NOW
    happy = factories.make_feedback(score=5, received_at=at - timedelta(hours=30))
    unhappy = factories.make_feedback(score=1, received_at=at - timedelta(hours=1))
    unscored = factories.make_feedback(score=None, received_at=at - timedelta(hours=2))
    page = signed_in.get(URL)
    assert [row.item for row in page.context["rows"]] == [happy, unhappy, unscored]


def test_looking_at_the_list_takes_nothing(signed_in: Client, item: FeedbackItem, task: CareTask) -> None:
    signed_in.get(URL)
    task.refresh_from_db()
    assert task.status == TaskStatus.OPEN


def test_opening_takes_the_task(signed_in: Client, item: FeedbackItem, task: CareTask, rep: User) -> None:
    page = page_of(signed_in, item)
    task.refresh_from_db()
    assert task.held_by == rep
    assert "Mark as answered" in page
    assert "Copy it, post it" in page


def test_opening_another_gives_the_first_back_and_counts_its_time(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    other = factories.make_feedback()
    second = enroll(other, team=rep.team)
    open_item(item, by=rep, now=now)
    open_item(other, by=rep, now=now + timedelta(seconds=40))
    task.refresh_from_db()
    second.refresh_from_db()
    assert (task.status, task.opens_at, second.held_by) == (TaskStatus.OPEN, None, rep)
    assert rep.time_entries.get().seconds == 40


def test_a_call_that_is_open_stays_open_beside_the_reply(
    signed_in: Client, item: FeedbackItem, task: CareTask, call: CareTask, rep: User
) -> None:
    page = page_of(signed_in, item)
    call.refresh_from_db()
    assert call.held_by == rep
    assert f"Your call with {call.customer} is still open" in page
    assert "Mark as answered" in page


def test_the_second_person_sees_who_holds_it_and_cannot_write(
    signed_in: Client, item: FeedbackItem, task: CareTask, manager: User, now: datetime
) -> None:
    open_item(item, by=manager, now=now)
    page = page_of(signed_in, item)
    assert "Ida Holm is answering this" in page
    assert "Mark as answered" not in page
    assert "Ida Holm is on it" in signed_in.get(URL).content.decode()


def test_a_marketer_reads_and_takes_nothing(
    client: Client, item: FeedbackItem, task: CareTask, marketer: User
) -> None:
    client.force_login(marketer)
    page = page_of(client, item)
    task.refresh_from_db()
    assert task.status == TaskStatus.OPEN
    assert "The jacket is fine" in page
    assert "Mark as answered" not in page


def test_another_teams_item_is_neither_listed_nor_found(
    client: Client, item: FeedbackItem, task: CareTask, other_rep: User
) -> None:
    client.force_login(other_rep)
    assert "Nothing waits" in client.get(URL).content.decode()
    assert client.get(reverse("desk:feedback_item", args=[item.pk])).status_code == 404


def test_where_it_was_written_is_a_link_or_a_place(signed_in: Client, item: FeedbackItem) -> None:
    linked = factories.make_feedback(url="https://reviews.example/7")
    placed = factories.make_feedback(place="Trustpilot")
    assert 'href="https://reviews.example/7"' in page_of(signed_in, linked)
    page = page_of(signed_in, placed)
    assert "where it was written (Trustpilot)" in page
    assert "Open where it was written" not in page


def test_an_item_without_words_says_so(signed_in: Client, item: FeedbackItem) -> None:
    bare = factories.make_feedback(text="", score=1)
    assert "No words, only a score of 1 of 5." in page_of(signed_in, bare)


def test_answered_and_closed_have_their_tabs(
    signed_in: Client, item: FeedbackItem, rep: User, now: datetime
) -> None:
    other = factories.make_feedback(text="Who is this?")
    answer(item, words="We are sorry.", by=rep, now=now)
    record_unanswerable(other, reason="Not about us", by=rep, now=now)
    assert "The jacket is fine" in signed_in.get(f"{URL}?tab=answered").content.decode()
    assert "Who is this?" in signed_in.get(f"{URL}?tab=closed").content.decode()
    assert "We are sorry." in page_of(signed_in, item)
    page = page_of(signed_in, other)
    assert "Not about us" in page
    assert "Reopen" in page


def test_no_reply_possible_can_be_asked_for_without_scripts(signed_in: Client, item: FeedbackItem) -> None:
    url = reverse("desk:feedback_item", args=[item.pk])
    assert 'aria-labelledby="no-reply-title" open>' in signed_in.get(f"{url}?impossible").content.decode()
    assert 'aria-labelledby="no-reply-title">' in signed_in.get(url).content.decode()


@pytest.mark.parametrize("path", [URL, "item"])
def test_posting_to_a_page_is_refused(signed_in: Client, item: FeedbackItem, path: str) -> None:
    url = reverse("desk:feedback_item", args=[item.pk]) if path == "item" else path
    assert signed_in.post(url).status_code == 405


def test_nobody_reads_without_signing_in(client: Client, shop: object) -> None:
    assert client.get(URL).status_code == 302


def test_queries_do_not_grow_with_the_list(signed_in: Client, team: Team) -> None:
    """Frame, count, campaign, two walks of the list, what was let in, what is held back, tasks.

    The item, its task, what one holds, the draft with its mail, whether a mail may go.
    """
    Campaign.objects.update(starts_at=factories.NOW - timedelta(days=1))
    counts = []
    signed_in.get(URL)  # the first look of a day makes what the frame keeps
    for size in (3, 30):
        while FeedbackItem.objects.count() < size:
            last = factories.make_feedback()
            enroll(last, team=team)
        page_of(signed_in, last)
        with CaptureQueriesContext(connection) as queries:
            assert len(signed_in.get(URL).context["rows"]) == size
            of_list = len(queries)
            page_of(signed_in, last)
            counts.append((of_list, len(queries) - of_list))
    assert counts[0] == counts[1]
    assert counts[0][0] <= FRAME + 7
    assert counts[0][1] <= FRAME + 12
