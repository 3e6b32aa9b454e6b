"""The letter of an offer goes out as it was approved, with what was given in it: by mail or by post."""

from collections.abc import Sequence
from datetime import datetime

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Shop, User
from apps.core.moments import day_words
from apps.core.statuses import record
from apps.core.templatetags.ui import money
from apps.outreach.services import queue_mail, take_back_mail
from apps.outreach.templating import Footer, render_letter
from apps.worklist.models import CareTask, Reach, TaskStatus
from apps.worklist.services import withdraw_tasks

from ..models import Compensation, CompensationKind, Letter, LetterBy, Offer

WHY = "You get this because we failed you, and it is ours to put right."
SUBJECTS = "We are sorry: your order {order}"
WITHOUT_ORDER = "We are sorry"
LONGEST_ORDER = 20


def send_letter(offer: Offer, *, by: User | None, now: datetime) -> Letter | None:
    """The offer's letter, once: the one that is out already, or a new one; None where it says none."""
    if not offer.letter_by:
        return None
    return live_letter(offer) or _send_by(offer, offer.letter_by, by=by, now=now)


def live_letter(offer: Offer) -> Letter | None:
    return offer.letters.filter(withdrawn_at=None).select_related("message", "task").first()


def send_another_way(letter: Letter, reach: str, *, why: str, by: User | None, now: datetime) -> Letter:
    """It did not reach them: whoever sent it posts it, or tells them what was in it."""
    withdraw_letter(letter, why=why, by=by, now=now)
    way = LetterBy.POST if reach == Reach.POST else LetterBy.NONE
    task = _task_for(letter.offer, reach, person=letter.made_by, now=now)
    return _make(letter.offer, way, by=by, now=now, task=task)


def take_back_letter(offer: Offer, *, by: User | None, now: datetime, why: str) -> None:
    """Within seconds: the mail is not sent, nobody posts it. Raises Conflict where it is too late."""
    letter = live_letter(offer)
    if letter is None:
        return
    if letter.message:
        take_back_mail(letter.message, by=by, now=now)
    if letter.task_id:
        withdraw_tasks(CareTask.objects.filter(pk=letter.task_id), reason=why, now=now, by=by)
    withdraw_letter(letter, why=why, by=by, now=now)


def withdraw_letter(letter: Letter, *, why: str, by: User | None, now: datetime) -> None:
    Letter.objects.filter(pk=letter.pk, withdrawn_at=None).update(withdrawn_at=now, withdrawn_why=why[:200])
    record(letter.offer, "letter_withdrawn", by=by, now=now, reason=why[:200])


def subject_of(offer: Offer) -> str:
    order = offer.incident.order
    number = order.external_id if order else ""
    return SUBJECTS.format(order=number) if 0 < len(number) <= LONGEST_ORDER else WITHOUT_ORDER


def words_of(offer: Offer, given: Compensation | None) -> str:
    """What the customer reads: the approved words and, where something is given by a code, its card."""
    return "\n\n".join(filter(None, [offer.words.strip(), "\n".join(card_of(given))]))


def card_of(given: Compensation | None) -> Sequence[str]:
    """The lines by which a coupon is used; none where there is no code."""
    if given is None or given.kind != CompensationKind.COUPON or not given.code:
        return []
    until = [f"It counts until {day_words(given.expires_on)}."] if given.expires_on else []
    return [f"Your coupon of {money(given.amount, given.currency)}: {given.code}", *until]


def _send_by(offer: Offer, way: str, *, by: User | None, now: datetime) -> Letter:
    if way == LetterBy.POST:
        posts_itself = offer.channel == Reach.POST  # whoever has the apology's task posts it
        task = None if posts_itself else _task_for(offer, Reach.POST, now=now)
        return _make(offer, LetterBy.POST, by=by, now=now, task=task)
    letter = _make(offer, LetterBy.EMAIL, by=by, now=now)
    shop = Shop.current().name or "Your shop"
    mail = render_letter(letter.subject, letter.words, footer=Footer(shop=shop, why=WHY))
    letter.message = queue_mail(
        offer.incident.customer,
        key=f"letter:{letter.pk}",
        category="apology",
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        by=by,
        now=now,
        send_at=offer.moment if offer.moment and offer.moment > now else None,
    )
    letter.save(update_fields=["message"])
    return letter


def _make(offer: Offer, way: str, *, by: User | None, now: datetime, task: CareTask | None = None) -> Letter:
    given = offer.given.exclude(status="reversed").first()
    letter = Letter.objects.create(
        offer=offer,
        way=way,
        subject=subject_of(offer),
        words=words_of(offer, given),
        task=task,
        made_at=now,
        made_by=by,
    )
    record(offer, "letter_out", by=by, now=now, reason=LetterBy(way).label)
    return letter


def _task_for(offer: Offer, reach: str, *, now: datetime, person: User | None = None) -> CareTask:
    """Somebody prints and posts it, or tells them: owed by the end of the next business day."""
    calendar = shop_calendar()
    about = offer.task
    number = offer.letters.count() + 1
    return CareTask.objects.create(
        key=f"letter:{offer.pk}:{number}",
        play="apology",
        customer=offer.incident.customer,
        team=about.team if about else None,
        assignee=person if person and person.is_active else None,
        status=TaskStatus.OPEN,
        reach=reach,
        owed=True,
        priority=1,
        due_at=calendar.end_of_day(calendar.add_business_days(calendar.local_day(now), 1)),
        zone=about.zone if about else "",
        facts={**(about.facts if about else {}), "letter": offer.pk},
        created_at=now,
    )
