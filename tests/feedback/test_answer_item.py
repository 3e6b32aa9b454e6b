from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.effort.models import TimeEntry
from apps.feedback.models import FeedbackItem
from apps.feedback.services import answer, open_item
from apps.feedback.services.answers import Refused
from apps.worklist.models import Attempt, CareTask, TaskStatus
from tests import factories
from tests.feedback.conftest import enroll

WORDS = "Dear Grace,\n\nyou waited eleven days. That was our fault."


def url_of(item: FeedbackItem) -> str:
    return reverse("desk:answer_feedback", args=[item.pk])


def test_answer_closes_item_and_task_and_keeps_the_words(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    open_item(item, by=rep, now=now)
    later = now + timedelta(minutes=4)
    reply = answer(item, words=WORDS, by=rep, now=later)
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, item.closed_at, task.status) == ("answered", later, TaskStatus.DONE)
    assert (reply.words, reply.author, reply.sent_at) == (WORDS, rep, later)
    attempt = Attempt.objects.get()
    assert attempt.outcome == "replied"
    assert TimeEntry.objects.get().seconds == 240
    moved = Event.objects.get(subject="feedback.feedbackitem", verb="answered")
    assert (moved.actor, moved.from_status, moved.to_status) == (rep, "waiting", "answered")


def test_item_without_a_task_takes_its_time_from_its_sitting(
    item: FeedbackItem, rep: User, now: datetime
) -> None:
    answer(item, words=WORDS, by=rep, now=now, opened_at=now - timedelta(seconds=90))
    entry = TimeEntry.objects.get()
    assert (entry.seconds, entry.origin, entry.play, entry.user) == (90, "proactive", "feedback_reply", rep)


def test_a_long_forgotten_page_counts_half_an_hour(item: FeedbackItem, rep: User, now: datetime) -> None:
    answer(item, words=WORDS, by=rep, now=now, opened_at=now - timedelta(hours=9))
    assert TimeEntry.objects.get().seconds == 1800


def test_a_reply_beside_a_call_counts_no_second_twice(
    item: FeedbackItem, call: CareTask, rep: User, now: datetime
) -> None:
    answer(item, words=WORDS, by=rep, now=now, opened_at=now - timedelta(seconds=90))
    call.refresh_from_db()
    assert call.held_by == rep
    assert not TimeEntry.objects.exists()


def test_empty_words_are_refused(item: FeedbackItem, task: CareTask, rep: User, now: datetime) -> None:
    with pytest.raises(Refused, match="Write the reply"):
        answer(item, words="  \n", by=rep, now=now)
    item.refresh_from_db()
    assert item.status == "waiting"


def test_marketer_answers_nobody(item: FeedbackItem, marketer: User, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        answer(item, words=WORDS, by=marketer, now=now)


def test_second_person_is_told_who_holds_it_and_keeps_their_words(
    item: FeedbackItem, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    open_item(item, by=manager, now=now)
    with pytest.raises(Conflict, match="Ida Holm is answering this"):
        answer(item, words=WORDS, by=rep, now=now)
    item.refresh_from_db()
    assert item.status == "waiting"
    assert not TimeEntry.objects.exists()


def test_answered_twice_by_two_pages_tells_the_second(
    item: FeedbackItem, rep: User, manager: User, now: datetime
) -> None:
    stale = FeedbackItem.objects.get(pk=item.pk)
    answer(item, words=WORDS, by=rep, now=now)
    with pytest.raises(Conflict, match="Somebody closed this"):
        answer(stale, words="Another answer.", by=manager, now=now, opened_at=now - timedelta(minutes=1))
    item.refresh_from_db()
    assert item.reply.words == WORDS
    assert not TimeEntry.objects.exists()


def test_posting_marks_as_answered_and_opens_the_next(
    signed_in: Client, item: FeedbackItem, task: CareTask
) -> None:
    following = factories.make_feedback(score=5, text="Lovely.", received_at=factories.NOW)
    answer_page = signed_in.post(url_of(item), {"words": WORDS})
    assert answer_page.status_code == 302
    assert answer_page.headers["Location"] == reverse("desk:feedback_item", args=[following.pk])
    page = signed_in.get(answer_page.headers["Location"]).content.decode()
    assert f"Reply to {item.customer} is marked as answered." in page
    assert reverse("desk:reopen_feedback", args=[item.pk]) in page


def test_posting_the_last_one_returns_to_the_empty_list(signed_in: Client, item: FeedbackItem) -> None:
    answer_page = signed_in.post(url_of(item), {"words": WORDS}, follow=True)
    assert answer_page.redirect_chain == [(reverse("desk:feedback"), 302)]
    assert "All answered" in answer_page.content.decode()


def test_posting_no_words_shows_the_form_again(signed_in: Client, item: FeedbackItem) -> None:
    answer_page = signed_in.post(url_of(item), {"words": " "})
    assert answer_page.status_code == 422
    assert "Write the reply: what the customer reads is kept with the item." in answer_page.content.decode()


def test_posting_on_a_held_item_shows_who_holds_it_and_keeps_the_words(
    signed_in: Client, item: FeedbackItem, task: CareTask, manager: User, now: datetime
) -> None:
    open_item(item, by=manager, now=now)
    answer_page = signed_in.post(url_of(item), {"words": WORDS})
    assert answer_page.status_code == 422
    assert "Ida Holm is answering this" in answer_page.content.decode()
    task.refresh_from_db()
    assert task.held_by == manager


def test_getting_the_answer_address_is_refused(signed_in: Client, item: FeedbackItem) -> None:
    assert signed_in.get(url_of(item)).status_code == 405


def test_marketer_cannot_post(client: Client, item: FeedbackItem, marketer: User) -> None:
    client.force_login(marketer)
    assert client.post(url_of(item), {"words": WORDS}).status_code == 403


def test_another_teams_item_is_not_found(
    client: Client, item: FeedbackItem, task: CareTask, other_rep: User
) -> None:
    client.force_login(other_rep)
    assert client.post(url_of(item), {"words": WORDS}).status_code == 404
    item.refresh_from_db()
    assert item.status == "waiting"


def test_answering_a_second_item_gives_the_first_back(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    other = factories.make_feedback()
    enroll(other, team=rep.team)
    open_item(item, by=rep, now=now)
    answer(other, words=WORDS, by=rep, now=now + timedelta(minutes=1))
    task.refresh_from_db()
    assert task.status == TaskStatus.OPEN
