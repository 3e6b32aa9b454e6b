"""Everything that happened between a customer and us, in one list, newest first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.urls import reverse

from apps.accounts.models import Shop, User
from apps.apologies.call_notes import closed_notes
from apps.apologies.codes import masked
from apps.apologies.models import (
    Compensation,
    Incident,
    IncidentStatus,
    Letter,
    LetterBy,
    Offer,
    OfferStatus,
)
from apps.apologies.permissions import may_see_detail
from apps.core.models import Event
from apps.core.templatetags.ui import money
from apps.customers.models import Channel, Customer, Order, Permission, Purpose
from apps.effort.models import TimeEntry
from apps.feedback.models import FeedbackItem
from apps.outreach.models import Message, MessageStatus
from apps.worklist.models import Attempt, TaskStatus

PRIVATE = "What was told is for managers of the team, and for whoever calls them."
EACH = 50  # rows of a kind: a page, not an archive
FEEDBACK_WORDS = {
    "waiting": "Waits for an answer",
    "answered": "Answered",
    "unanswerable": "Closed without an answer",
}
LOST_MAIL = {MessageStatus.BOUNCED, MessageStatus.FAILED, MessageStatus.UNKNOWN}
PLAYS = {
    "welcome": "welcome call",
    "vip_recognition": "VIP thanks",
    "feedback_reply": "feedback reply",
    "apology": "apology",
}


@dataclass(frozen=True)
class Act:
    """What a manager may say about a line, with a reason: the fold's words, its question, its button."""

    url: str
    name: str
    question: str
    button: str


@dataclass(frozen=True)
class Moment:
    """One line of the timeline. `voice` is what a person said or wrote; `amount` is in shop currency."""

    at: datetime
    icon: str
    title: str
    detail: str = ""
    voice: str = ""
    kind: str = ""
    amount: str = ""
    url: str = ""
    note: str = ""
    day: date | None = None  # where only the day is known
    act: Act | None = None


def timeline(customer: Customer, *, user: User, shop: Shop) -> list[Moment]:
    kinds: list[Callable[[Customer, User, Shop], Iterator[Moment]]] = [
        _orders,
        _feedback,
        _incidents,
        _attempts,
        _contacts,
        _offers,
        _letters,
        _given,
        _mails,
        _changes,
    ]
    moments = [moment for kind in kinds for moment in kind(customer, user, shop)]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def _orders(customer: Customer, user: User, shop: Shop) -> Iterator[Moment]:
    for order in Order.objects.visible_to(user).filter(customer=customer).order_by("-placed_at")[:EACH]:
        state, kind = _delivery(order, shop.zone)
        amount = str(order.total)
        yield Moment(
            order.placed_at,
            "parcel",
            f"Ordered {order.external_id}",
            order.items,
            "",
            kind,
            amount,
            "",
            state,
        )


def _delivery(order: Order, zone: ZoneInfo) -> tuple[str, str]:
    promised = f"promised {order.promised_on.day} {order.promised_on:%b %Y}" if order.promised_on else ""
    if order.is_void:
        return f"{order.status.capitalize()}{' by the customer' if order.cancelled_by_customer else ''}", ""
    if order.delivered_at is None:
        return promised[:1].upper() + promised[1:], ""
    arrived = order.delivered_at.astimezone(zone).date()
    words = f"Delivered {arrived.day} {arrived:%b %Y}"
    if order.promised_on and arrived > order.promised_on:
        late = (arrived - order.promised_on).days
        return f"{words}, {late} {'day' if late == 1 else 'days'} late", "alert"
    return words, "good"


def _feedback(customer: Customer, user: User, shop: Shop) -> Iterator[Moment]:
    items = FeedbackItem.objects.visible_to(user).filter(customer=customer).select_related("reply")
    for item in items.order_by("-received_at")[:EACH]:
        score = f", {item.score} of 5" if item.score else ""
        url = reverse("desk:feedback_item", args=[item.pk])
        words = item.text or item.title
        where = f"On {item.place}. " if item.place else ""
        note = f"{where}{FEEDBACK_WORDS[item.status]}"
        yield Moment(item.received_at, "feedback", f"Told us{score}", "", words, "", "", url, note)
        reply = getattr(item, "reply", None)
        if reply and reply.sent_at:
            yield Moment(reply.sent_at, "out", "We answered", "", reply.words)


def _incidents(customer: Customer, user: User, shop: Shop) -> Iterator[Moment]:
    told = Offer.objects.filter(incident=OuterRef("pk"), status=OfferStatus.DELIVERED)
    rows = Incident.objects.visible_to(user).filter(customer=customer).select_related("order", "colleague")
    closable = set(rows.closable_by(user).values_list("pk", flat=True))
    for incident in rows.annotate(is_told=Exists(told)).order_by("-known_on")[:EACH]:
        order = f", order {incident.order.external_id}" if incident.order else ""
        is_open = incident.status == IncidentStatus.OPEN
        yield Moment(
            at=datetime.combine(incident.known_on, time(0), tzinfo=shop.zone),
            day=incident.known_on,
            icon="alert",
            title=f"{incident.get_kind_display()}{order}",
            detail=incident.detail if may_see_detail(user, incident) else PRIVATE,
            kind="alert" if is_open else "",
            note=": ".join(filter(None, [incident.get_status_display(), incident.resolution])),
            act=_act(incident, is_open=is_open) if incident.pk in closable else None,
        )


def _act(incident: Incident, *, is_open: bool) -> Act | None:
    """Not for one whose apology was told: what happens after that is a case of its own."""
    if getattr(incident, "is_told", True):
        return None
    if is_open:
        url = reverse("desk:close_incident", args=[incident.pk])
        return Act(url, "Nothing is owed?", "Why is nothing owed?", "Close this problem")
    url = reverse("desk:reopen_incident", args=[incident.pk])
    return Act(url, "Owed after all?", "Why is it owed after all?", "Open it again")


def _attempts(customer: Customer, user: User, shop: Shop) -> Iterator[Moment]:
    found = Attempt.objects.standing().filter(customer=customer).select_related("by", "task")
    rows = list(found.order_by("-ended_at")[:EACH])
    closed = closed_notes(rows, user=user, may_read=partial(may_see_detail, user))
    for attempt in rows:
        by = f" by {attempt.by}" if attempt.by else ""
        title = f"{attempt.get_outcome_display()}{by}"
        play = PLAYS.get(attempt.task.play, attempt.task.play)
        is_closed = attempt.pk in closed
        detail, notes = (PRIVATE, "") if is_closed else (attempt.gesture, attempt.notes)
        yield Moment(attempt.ended_at, "out", title, detail, notes, "pro", "", "", play.capitalize())


def _contacts(customer: Customer, user: User, shop: Shop) -> Iterator[Moment]:
    rows = TimeEntry.objects.filter(customer=customer, origin="reactive").select_related("user")
    for entry in rows.order_by("-started_at")[:EACH]:
        by = str(entry.user or entry.agent or "")
        title = f"Contacted us{f', {by} helped' if by else ''}"
        yield Moment(entry.started_at, "in", title, entry.topic, note=entry.channel.capitalize())


def _offers(customer: Customer, user: User, shop: Shop) -> Iterator[Moment]:
    rows = Offer.objects.visible_to(user).filter(incident__customer=customer).exclude(status="withdrawn")
    for offer in rows.select_related("decided_by").order_by("-proposed_at")[:EACH]:
        what = offer.get_compensation_display()
        approved = ", approved" if offer.status == OfferStatus.DELIVERED else ""
        by = f"{approved} by {offer.decided_by}" if offer.decided_by else ""
        at = offer.decided_at or offer.proposed_at
        url = reverse("desk:offer", args=[offer.pk])
        note = f"{offer.get_status_display()}{by}"
        yield Moment(
            at, "gift", f"Apology with a {what.lower()}", amount=str(offer.amount), url=url, note=note
        )


def _letters(customer: Customer, user: User, shop: Shop) -> Iterator[Moment]:
    """Those that people post or tell: a mail has a line of its own."""
    offers = Offer.objects.visible_to(user).filter(incident__customer=customer)
    rows = Letter.objects.filter(offer__in=offers, message=None).select_related("task")
    for letter in rows.order_by("-made_at")[:EACH]:
        title = "Letter by post" if letter.way == LetterBy.POST else "Letter told by a call"
        url = reverse("desk:offer", args=[letter.offer_id])
        at = letter.task.closed_at if letter.task and letter.task.closed_at else letter.made_at
        yield Moment(at, "out", title, url=url, note=_letter_note(letter))


def _letter_note(letter: Letter) -> str:
    if letter.withdrawn_at:
        return f"Withdrawn: {letter.withdrawn_why}"
    if letter.task and letter.task.status != TaskStatus.DONE:
        return "To be posted" if letter.way == LetterBy.POST else "To be told"
    return ""


def _given(customer: Customer, user: User, shop: Shop) -> Iterator[Moment]:
    """A code is money: of it only the end is shown."""
    offers = Offer.objects.visible_to(user).filter(incident__customer=customer)
    rows = Compensation.objects.filter(offer__in=offers).select_related("issued_by")
    for given in rows.order_by("-issued_at")[:EACH]:
        code = f"Code {masked(given.code)}" if given.code else ""
        by = f" by {given.issued_by}" if given.issued_by else ""
        yield Moment(
            given.issued_at,
            "gift",
            f"{given.get_kind_display()} of {money(given.amount, given.currency)}",
            code,
            url=reverse("desk:offer", args=[given.offer_id]),
            note=f"{given.get_status_display()}{by}",
        )


def _mails(customer: Customer, user: User, shop: Shop) -> Iterator[Moment]:
    rows = Message.objects.visible_to(user).filter(customer=customer).select_related("by")
    for mail in rows.order_by("-created_at")[:EACH]:
        by = f" by {mail.by}" if mail.by else ""
        yield Moment(
            at=mail.sent_at or mail.created_at,
            icon="mail",
            title=f"Mail: {mail.subject}",
            kind="alert" if mail.status in LOST_MAIL else "",
            url=reverse("desk:mail", args=[mail.pk]),
            note=f"{mail.get_status_display()}{by}",
        )


def _changes(customer: Customer, user: User, shop: Shop) -> Iterator[Moment]:
    events = Event.objects.filter(subject="customers.customer", subject_id=customer.pk).select_related(
        "actor"
    )
    for event in events.order_by("-at")[:EACH]:
        by = f", {event.actor}" if event.actor else ""
        if event.verb == "permission":
            channel = Channel(event.data.get("channel", Channel.PHONE)).label
            purpose = Purpose(event.data.get("purpose", Purpose.SERVICE)).label.lower()
            state = Permission.State(event.to_status)
            icon = "ban" if state == Permission.State.REFUSED else "check"
            yield Moment(event.at, icon, f"{channel}, {purpose}: {state.label.lower()}", event.reason + by)
        elif event.verb == "note":
            yield Moment(event.at, "pencil", f"Note changed{by}")
