"""A mail that ends a task: queued with the outcome, and taken back with it."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import Shop, User
from apps.outreach.facts import facts_of, footer_of
from apps.outreach.models import Message, MessageStatus
from apps.outreach.services import queue_mail, queue_optional_mail, take_back_mail
from apps.outreach.templating import Rendered, Words, render_mail
from apps.worklist.models import Attempt, CareTask, Outcome
from apps.worklist.services import record_outcome


def render_for(task: CareTask, words: Words, *, by: User, shop: Shop, link: str = "") -> Rendered:
    """The mail as this task's customer would get it; raises a CannotRender where it cannot be sent.

    `link`: by which to end optional mail.
    """
    return render_mail(words, _facts_of(task, by=by, shop=shop), footer=footer_of(shop, link=link))


@transaction.atomic
def send_for(task: CareTask, words: Words, *, by: User, shop: Shop, now: datetime) -> Attempt:
    """Queue the mail and end the task with it, both or neither.

    Raises a CannotRender or a CannotSend where the mail cannot go, and what record_outcome raises.
    """
    facts = _facts_of(task, by=by, shop=shop)

    def draw(link: str = "") -> Rendered:
        return render_mail(words, facts, footer=footer_of(shop, link=link))

    mail = draw()
    notes = "\n\n".join(filter(None, [task.notes.strip(), mail.words]))
    attempt = record_outcome(task, outcome=Outcome.REPLIED, by=by, now=now, notes=notes)
    if task.owed:
        queue_mail(
            task.customer,
            key=_key(attempt),
            category=task.play,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            by=by,
            now=now,
        )
    else:
        queue_optional_mail(task.customer, key=_key(attempt), category=task.play, draw=draw, by=by, now=now)
    return attempt


def take_back_for(attempt: Attempt, *, by: User, now: datetime) -> None:
    """The mail that an attempt sent, if it did; raises a CannotSend where it is on its way already."""
    message = Message.objects.filter(key=_key(attempt)).exclude(status=MessageStatus.TAKEN_BACK).first()
    if message:
        take_back_mail(message, by=by, now=now)


def _facts_of(task: CareTask, *, by: User, shop: Shop) -> dict[str, str]:
    number = str(task.facts.get("order", ""))
    order = task.customer.orders.filter(external_id=number).first() if number else None
    return facts_of(task.customer, by=by, shop=shop, order=order)


def task_of(message: Message) -> int | None:
    """The key of the task that this mail ended; None of any other mail."""
    kind, _, rest = message.key.partition(":")
    task = rest.partition(":")[0]
    return int(task) if kind == "task" and task.isdecimal() else None


def _key(attempt: Attempt) -> str:
    return f"task:{attempt.task_id}:{attempt.pk}"
