from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.statuses import Conflict
from apps.feedback.models import FeedbackItem, Reply
from apps.feedback.services import answer, open_item, save_draft
from apps.worklist.models import CareTask


def test_draft_is_kept_and_the_lease_renewed(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    open_item(item, by=rep, now=now)
    save_draft(item, words="Dear", by=rep, now=now + timedelta(minutes=10))
    task.refresh_from_db()
    assert Reply.objects.get().words == "Dear"
    assert task.held_until == now + timedelta(minutes=25)


def test_nobody_writes_over_the_one_who_holds_it(
    item: FeedbackItem, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    open_item(item, by=rep, now=now)
    save_draft(item, words="Mine", by=rep, now=now)
    with pytest.raises(Conflict, match="Ana Duarte is answering this"):
        save_draft(item, words="Theirs", by=manager, now=now)
    assert Reply.objects.get().words == "Mine"


def test_without_a_task_a_fresh_draft_is_its_writers_for_two_minutes(
    item: FeedbackItem, rep: User, manager: User, now: datetime
) -> None:
    save_draft(item, words="Mine", by=rep, now=now)
    with pytest.raises(Conflict, match="Ana Duarte is writing here"):
        save_draft(item, words="Theirs", by=manager, now=now + timedelta(seconds=119))
    save_draft(item, words="Theirs", by=manager, now=now + timedelta(seconds=121))
    assert Reply.objects.get().words == "Theirs"


def test_a_closed_item_takes_no_draft(item: FeedbackItem, rep: User, now: datetime) -> None:
    answer(item, words="Sent", by=rep, now=now)
    with pytest.raises(Conflict, match="closed"):
        save_draft(item, words="More", by=rep, now=now)
    assert Reply.objects.get().words == "Sent"


def test_marketer_writes_nothing(item: FeedbackItem, marketer: User, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        save_draft(item, words="Hello", by=marketer, now=now)


def test_autosave_answers_without_a_page(signed_in: Client, item: FeedbackItem) -> None:
    url = reverse("desk:save_reply", args=[item.pk])
    saved = signed_in.post(url, {"words": "Dear Grace"}, headers={"X-Requested-With": "autosave"})
    assert saved.status_code == 204
    assert Reply.objects.get().words == "Dear Grace"
    page = signed_in.get(reverse("desk:feedback_item", args=[item.pk])).content.decode()
    assert "Dear Grace</textarea>" in page
    assert "2 words" in page


def test_without_scripts_saving_shows_the_item_again(signed_in: Client, item: FeedbackItem) -> None:
    saved = signed_in.post(reverse("desk:save_reply", args=[item.pk]), {"words": "Dear"})
    assert saved.headers["Location"] == reverse("desk:feedback_item", args=[item.pk])


def test_saving_over_another_is_a_conflict(
    signed_in: Client, item: FeedbackItem, task: CareTask, manager: User, now: datetime
) -> None:
    open_item(item, by=manager, now=now)
    saved = signed_in.post(reverse("desk:save_reply", args=[item.pk]), {"words": "Dear"})
    assert saved.status_code == 409
    assert "Ida Holm is answering this" in saved.content.decode()


def test_wrong_method_role_and_team_are_refused(
    client: Client, item: FeedbackItem, task: CareTask, other_rep: User, marketer: User
) -> None:
    url = reverse("desk:save_reply", args=[item.pk])
    client.force_login(other_rep)
    assert client.get(url).status_code == 405
    assert client.post(url, {"words": "x"}).status_code == 404
    client.force_login(marketer)
    assert client.post(url, {"words": "x"}).status_code == 403
