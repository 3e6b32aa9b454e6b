"""A reply's mail that a person sends again: its item is answered by it, or it is not sent."""

from datetime import datetime, timedelta

import pytest

from apps.accounts.models import User
from apps.core.statuses import Conflict
from apps.feedback.models import FeedbackItem, Reply
from apps.feedback.services import answer, open_item, record_unanswerable, reopen, save_draft
from apps.outreach.models import InboundMail, Message
from apps.outreach.services import send_again, send_due, take_back_mail
from apps.outreach.signals import customer_wrote
from apps.worklist.models import Attempt, CareTask, TaskStatus
from apps.worklist.services import record_outcome, undo_outcome
from tests import factories
from tests.outreach.provider import Provider

WORDS = "Dear Grace,\r\n\r\nyou waited eleven days. That was our fault."
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def provider(settings):
    with Provider() as provider:
        settings.SENDGRID_API_KEY, settings.SENDGRID_HOST = "SG.test", provider.url
        settings.MAIL_FROM, settings.MAIL_TIMEOUT = "care@tern.example", 10
        yield provider


@pytest.fixture
def failed(provider: Provider, item: FeedbackItem, task: CareTask, rep: User, now: datetime) -> Message:
    """Refused for good: the item waits again, with its writer."""
    return first_try(provider, "400", item, rep, now)


@pytest.fixture
def unknown(provider: Provider, item: FeedbackItem, task: CareTask, rep: User, now: datetime) -> Message:
    return first_try(provider, "accept-then-cut", item, rep, now)


def first_try(provider: Provider, how: str, item: FeedbackItem, rep: User, now: datetime) -> Message:
    provider.answers(how, "ok")
    message = answer(item, words=WORDS, by=rep, now=now, by_mail=True).message
    assert message
    sent(now)
    message.refresh_from_db()
    item.refresh_from_db()
    return message


def sent(now: datetime) -> None:
    send_due(clock=lambda: now + MINUTE, until=now + 2 * MINUTE)


def stands(item: FeedbackItem, task: CareTask) -> tuple[str, str]:
    return (FeedbackItem.objects.get(pk=item.pk).status, CareTask.objects.get(pk=task.pk).status)


def test_its_item_is_answered_by_it_and_its_task_done(
    provider: Provider, item: FeedbackItem, task: CareTask, failed: Message, rep: User, now: datetime
) -> None:
    assert stands(item, task) == ("waiting", TaskStatus.OPEN)
    send_again(failed, by=rep, now=now + HOUR)
    assert stands(item, task) == ("answered", TaskStatus.DONE)
    reply = Reply.objects.get()
    assert (reply.message, reply.sent_at) == (failed, now + HOUR)
    assert not FeedbackItem.objects.unaccounted().exists()
    sent(now + HOUR)
    assert provider.accepted == {str(failed.pk): 1}


def test_taken_back_on_its_page_the_item_waits_again(
    item: FeedbackItem, task: CareTask, failed: Message, rep: User, now: datetime
) -> None:
    send_again(failed, by=rep, now=now + HOUR)
    take_back_mail(failed, by=rep, now=now + HOUR)
    assert stands(item, task) == ("waiting", TaskStatus.OPEN)


def test_with_its_outcome_it_is_taken_back_too(
    item: FeedbackItem, task: CareTask, failed: Message, rep: User, now: datetime
) -> None:
    send_again(failed, by=rep, now=now + HOUR)
    undo_outcome(Attempt.objects.latest("pk"), by=rep, now=now + HOUR)
    assert stands(item, task) == ("waiting", TaskStatus.OPEN)
    assert Message.objects.get().status == "taken_back"


def test_an_item_that_was_answered_anew_gets_no_second_answer(
    provider: Provider, item: FeedbackItem, task: CareTask, failed: Message, rep: User, now: datetime
) -> None:
    answer(item, words="Another.", by=rep, now=now + HOUR, by_mail=True)
    sent(now + HOUR)
    with pytest.raises(Conflict, match="answered anew"):
        send_again(failed, by=rep, now=now + 2 * HOUR)
    sent(now + 2 * HOUR)
    assert provider.accepted.total() == 1
    assert Message.objects.get(pk=failed.pk).status == "failed"


def test_an_item_that_was_answered_in_a_call_gets_no_mail(
    item: FeedbackItem, task: CareTask, failed: Message, rep: User, now: datetime
) -> None:
    task.refresh_from_db()
    attempt = record_outcome(task, outcome="talked", by=rep, now=now + HOUR, notes="Said sorry.")
    with pytest.raises(Conflict, match="answered anew"):
        send_again(failed, by=rep, now=now + 2 * HOUR)
    undo_outcome(attempt, by=rep, now=now + HOUR)
    assert stands(item, task)[0] == "waiting"


def test_a_reply_that_is_written_anew_is_not_lost(
    item: FeedbackItem, task: CareTask, failed: Message, rep: User, now: datetime
) -> None:
    save_draft(item, words="Dear Grace, I", by=rep, now=now + HOUR)
    with pytest.raises(Conflict, match="written anew"):
        send_again(failed, by=rep, now=now + HOUR)


def test_what_cannot_be_answered_gets_none(
    item: FeedbackItem, task: CareTask, failed: Message, rep: User, now: datetime
) -> None:
    record_unanswerable(item, reason="Not about us", by=rep, now=now + HOUR)
    with pytest.raises(Conflict, match="cannot be answered"):
        send_again(failed, by=rep, now=now + HOUR)


def test_nobody_answers_for_who_is_writing_this_moment(
    item: FeedbackItem, task: CareTask, failed: Message, rep: User, manager: User, now: datetime
) -> None:
    open_item(item, by=rep, now=now + HOUR)
    with pytest.raises(Conflict, match="Ana Duarte is answering"):
        send_again(failed, by=manager, now=now + HOUR)
    send_again(failed, by=rep, now=now + HOUR)
    assert stands(item, task) == ("answered", TaskStatus.DONE)


def test_another_team_is_told_whose_it_is(
    item: FeedbackItem, task: CareTask, failed: Message, other_rep: User, now: datetime
) -> None:
    with pytest.raises(Conflict, match="Another team"):
        send_again(failed, by=other_rep, now=now + HOUR)
    assert stands(item, task) == ("waiting", TaskStatus.OPEN)


def test_an_answer_that_nobody_opened_again_goes_as_it_stands(
    provider: Provider, item: FeedbackItem, task: CareTask, unknown: Message, rep: User, now: datetime
) -> None:
    send_again(unknown, by=rep, now=now + HOUR)
    assert stands(item, task) == ("answered", TaskStatus.DONE)
    assert Reply.objects.get().sent_at == now


def test_a_mail_that_they_have_answered_is_not_sent_again(
    item: FeedbackItem, task: CareTask, unknown: Message, rep: User, now: datetime
) -> None:
    facts = {"outcome": "heard", "customer": item.customer, "message": unknown, "received_at": now}
    InboundMail.objects.create(external_id="<1@x>", **facts)
    customer_wrote.send(InboundMail, customer=item.customer, message=unknown, text="And?", now=now + HOUR)
    with pytest.raises(Conflict, match="have answered this mail"):
        send_again(unknown, by=rep, now=now + HOUR)
    assert stands(item, task) == ("waiting", TaskStatus.OPEN)


def test_an_item_that_was_opened_again_and_reads_the_same_is_answered_by_it(
    item: FeedbackItem, task: CareTask, unknown: Message, rep: User, now: datetime
) -> None:
    reopen(item, by=rep, now=now + HOUR)
    send_again(unknown, by=rep, now=now + HOUR)
    assert stands(item, task) == ("answered", TaskStatus.DONE)


def test_mails_of_other_kinds_go_again_as_before(item: FeedbackItem, rep: User, now: datetime) -> None:
    for key in ("reply:x:1", "reply:77:1", "other"):
        message = factories.make_message(item.customer, key=key, status="failed")
        send_again(message, by=rep, now=now)
        assert message.status == "queued"
