"""A mail that ends a task: queued with the outcome, and taken back with it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from apps.accounts.models import Shop, User
from apps.outreach.facts import facts_of, footer_of
from apps.outreach.models import Message, MessageStatus
from apps.outreach.services import queue_mail, queue_optional_mail, take_back_mail
from apps.outreach.templating import Rendered, Words, render_mail
from apps.worklist.models import Attempt, CareTask, Outcome
from apps.worklist.services import record_outcome

SENT_AGAIN = "mail"  # in an attempt's `before`: the key of the mail that it sent again


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
    mine = Q(key=_key(attempt)) | Q(pk=attempt.before.get(SENT_AGAIN, 0))
    message = Message.objects.filter(mine).exclude(status=MessageStatus.TAKEN_BACK).first()
    if message:
        take_back_mail(message, by=by, now=now)


def _facts_of(task: CareTask, *, by: User, shop: Shop) -> dict[str, str]:
    number = str(task.facts.get("order", ""))
    order = task.customer.orders.filter(external_id=number).first() if number else None
    return facts_of(task.customer, by=by, shop=shop, order=order)


def task_of(message: Message) -> int | None:
    """The key of the task that this mail ended; None of any other mail."""
    return message.about("task")


def attempt_of(message: Message) -> Attempt | None:
    """The last that sent this mail and was not taken back; None of any other mail."""
    task = task_of(message)
    own = message.key.rpartition(":")[2]
    if task is None or not own.isdecimal():
        return None
    mine = Q(pk=int(own)) | Q(**{f"before__{SENT_AGAIN}": message.pk})
    sent = Attempt.objects.filter(mine, task=task, undone_at=None)
    return sent.select_related("task__customer", "by").order_by("pk").last()


def lock_mails_of(task: CareTask) -> None:
    """Before the task, as news of a mail does. Read by the customer's index."""
    mails = Message.objects.filter(customer=task.customer_id, key__startswith=f"task:{task.pk}:")
    list(mails.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _key(attempt: Attempt) -> str:
    return f"task:{attempt.task_id}:{attempt.pk}"
