from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.effort.models import TimeEntry
from apps.feedback.models import FeedbackItem
from apps.feedback.services import open_item, record_unanswerable
from apps.feedback.services.answers import Refused
from apps.worklist.models import CareTask, TaskStatus


def test_reason_is_kept_and_the_task_withdrawn(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    record_unanswerable(item, reason=" Anonymous ", by=rep, now=now)
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, item.unanswerable_reason, item.closed_at) == ("unanswerable", "Anonymous", now)
    assert (task.status, task.close_reason) == (TaskStatus.WITHDRAWN, "cannot be answered: Anonymous")
    assert Event.objects.get(subject="feedback.feedbackitem").reason == "Anonymous"


def test_time_of_finding_out_counts(item: FeedbackItem, task: CareTask, rep: User, now: datetime) -> None:
    open_item(item, by=rep, now=now)
    record_unanswerable(item, reason="Anonymous", by=rep, now=now + timedelta(seconds=75))
    task.refresh_from_db()
    assert task.status == TaskStatus.WITHDRAWN
    assert TimeEntry.objects.get().seconds == 75


def test_reason_is_needed(item: FeedbackItem, rep: User, now: datetime) -> None:
    with pytest.raises(Refused, match="Say why nobody can answer"):
        record_unanswerable(item, reason=" ", by=rep, now=now)


def test_database_refuses_a_missing_reason(item: FeedbackItem) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedbackItem.objects.filter(pk=item.pk).update(status="unanswerable")


def test_only_who_answers_may_record_it(item: FeedbackItem, marketer: User, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        record_unanswerable(item, reason="Anonymous", by=marketer, now=now)


def test_not_while_somebody_else_is_answering(
    item: FeedbackItem, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    open_item(item, by=manager, now=now)
    with pytest.raises(Conflict, match="Ida Holm is answering this"):
        record_unanswerable(item, reason="Anonymous", by=rep, now=now)


@pytest.mark.parametrize(
    ("posted", "kept"),
    [
        ({"chip": "Not about us"}, "Not about us"),
        ({"reason": "The shop page was closed"}, "The shop page was closed"),
    ],
)
def test_posting_a_chip_or_own_words_closes_the_item(
    signed_in: Client, item: FeedbackItem, posted: dict[str, str], kept: str
) -> None:
    page = signed_in.post(reverse("desk:close_feedback", args=[item.pk]), posted)
    assert page.status_code == 302
    item.refresh_from_db()
    assert item.unanswerable_reason == kept


def test_posting_nothing_asks_for_the_reason(signed_in: Client, item: FeedbackItem) -> None:
    page = signed_in.post(reverse("desk:close_feedback", args=[item.pk]))
    assert page.status_code == 422
    assert "Say why nobody can answer" in page.content.decode()


def test_wrong_method_role_and_team_are_refused(
    client: Client, item: FeedbackItem, task: CareTask, other_rep: User, marketer: User
) -> None:
    url = reverse("desk:close_feedback", args=[item.pk])
    client.force_login(other_rep)
    assert client.get(url).status_code == 405
    assert client.post(url, {"reason": "No"}).status_code == 404
    client.force_login(marketer)
    assert client.post(url, {"reason": "No"}).status_code == 403
