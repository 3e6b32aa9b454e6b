"""How an offer reaches its customer, and where its letter is: each line from stored facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.urls import reverse

from apps.accounts.models import User
from apps.apologies.letter_words import card_of, subject_of
from apps.apologies.models import Letter, LetterBy, Offer, OfferStatus
from apps.apologies.services.coming_back import CAME_BACK
from apps.apologies.services.delivery import is_out
from apps.apologies.ways import goes_first
from apps.core.moments import at_when, by_when
from apps.core.undo import GRACE, may_still_undo
from apps.outreach.models import Message, MessageStatus
from apps.outreach.permissions import may_handle_mail
from apps.worklist.models import Reach, TaskStatus

WAYS = {
    Reach.EMAIL: "By e-mail: the letter is the apology",
    Reach.POST: "By post: the letter is the apology",
    Reach.PUBLIC: "Where it was written",
    Reach.FIND: "Whichever way is found",
}
BESIDE = {LetterBy.EMAIL: "a letter by e-mail", LetterBy.POST: "a letter by post"}
MAILS = {
    MessageStatus.SENDING: ("out", "", "On its way"),
    MessageStatus.SENT: ("check", "", "Sent {at}"),
    MessageStatus.DELIVERED: ("check", "good", "Delivered"),
    MessageStatus.BOUNCED: ("alert", "alert", "The mail came back, but what it gave was used"),
    MessageStatus.FAILED: ("alert", "alert", "Not sent"),
    MessageStatus.UNKNOWN: ("help", "alert", "Nobody knows whether it was sent"),
}
STAYED_HERE = "Accepted here {at}: no key of the mail provider was set"
THROW_AWAY = "A letter that was printed before no longer counts: throw it away."


@dataclass(frozen=True)
class LetterState:
    """One sign: `url` is where more stands of it; `take_back` posts there, and is offered for seconds."""

    icon: str
    text: str
    kind: str = ""
    url: str = ""
    take_back: str = ""


@dataclass(frozen=True)
class ShownLetter:
    """`card` is how what was given is used; `told` says that no letter carries it.

    `is_out`: it went before its call, and nothing of the offer changes any more.
    """

    reaches: str
    subject: str
    card: Sequence[str]
    told: bool
    state: LetterState | None
    note: str
    prints: str
    may_answer: bool
    is_out: bool


def shown_letter(offer: Offer, user: User, *, zone: tzinfo, now: datetime) -> ShownLetter:
    letters = list(offer.letters.select_related("message", "task").order_by("pk"))
    live = next((each for each in letters if each.withdrawn_at is None), None)
    speaks = may_handle_mail(user)
    given = offer.given.standing().first() if _is_given(offer) else None
    last = letters[-1] if letters else None
    is_void = last is not None and last != live and last.way == LetterBy.POST and last.task_id is None
    return ShownLetter(
        reaches=reaches(offer, zone=zone, now=now),
        subject=live.subject if live else subject_of(offer),
        card=card_of(given) if speaks else [],
        told=live is None or live.way == LetterBy.NONE,
        state=_state(live, offer, letters, user if speaks else None, zone, now) if live else None,
        note=THROW_AWAY if is_void else "",
        prints=_prints(offer, live) if speaks and _is_given(offer) else "",
        may_answer=speaks and offer.status == OfferStatus.DELIVERED,
        is_out=live is not None and offer.status == OfferStatus.APPROVED and is_out(offer),
    )


def reaches(offer: Offer, *, zone: tzinfo, now: datetime) -> str:
    """`A call, then a letter by e-mail; at once.`"""
    waits = offer.moment and offer.moment > now
    when = f"not before {by_when(offer.moment, zone, now=now)}" if waits and offer.moment else "at once"
    return f"{order_of(offer)}; {when}."


def order_of(offer: Offer) -> str:
    """`A call, then a letter by e-mail`."""
    if offer.channel != Reach.PHONE:
        return WAYS[Reach(offer.channel)]
    if not offer.letter_by:
        return "A call, and no letter"
    letter = BESIDE[LetterBy(offer.letter_by)]
    if goes_first(offer):
        return f"{letter.capitalize()}, then a call"
    return f"A call, then {letter}"


def _is_given(offer: Offer) -> bool:
    return offer.status in {OfferStatus.APPROVED, OfferStatus.DELIVERED}


def _prints(offer: Offer, live: Letter | None) -> str:
    """Where the letter is printed: by a post where printing gives what stands in it, else by a link."""
    by_post = offer.status == OfferStatus.APPROVED and offer.task and offer.task.reach == Reach.POST
    return "post" if by_post and (live is None or live.way != LetterBy.POST) else "link"


def _state(
    letter: Letter, offer: Offer, letters: list[Letter], user: User | None, zone: tzinfo, now: datetime
) -> LetterState:
    if letter.message:
        return _mail_state(letter.message, offer, user, zone, now)
    before = "The mail came back: " if any(each.withdrawn_why == CAME_BACK for each in letters) else ""
    text = before + _by_person(letter, offer, zone, now)
    done = letter.task.status == TaskStatus.DONE if letter.task else offer.status == OfferStatus.DELIVERED
    icon = "check" if done else "hourglass"
    return LetterState(icon, text[:1].upper() + text[1:], "good" if done else "")


def _by_person(letter: Letter, offer: Offer, zone: tzinfo, now: datetime) -> str:
    task, is_post = letter.task, letter.way == LetterBy.POST
    if task is None and not is_post:
        return "the call tells what it gives"
    if task is None:
        return "posted" if offer.status == OfferStatus.DELIVERED else "printed, to be posted"
    if task.status == TaskStatus.DONE:
        at = f" {at_when(task.closed_at, zone, now=now)}" if task.closed_at else ""
        return f"{'posted' if is_post else 'told'}{at}"
    what = "to be posted" if is_post else "to be told" if task.reach == Reach.PHONE else "a way is looked for"
    return f"{what}, due {by_when(task.due_at, zone, now=now)}"


def _mail_state(
    message: Message, offer: Offer, user: User | None, zone: tzinfo, now: datetime
) -> LetterState:
    url = reverse("desk:mail", args=[message.pk])
    if message.status != MessageStatus.QUEUED:
        icon, kind, words = MAILS.get(MessageStatus(message.status), ("undo", "", "Taken back"))
        if message.status == MessageStatus.SENT and message.stayed_here:
            words = STAYED_HERE
        at = at_when(message.sent_at, zone, now=now) if message.sent_at else ""
        return LetterState(icon, words.format(at=at).strip(), kind, url)
    take_back = _take_back_url(message, offer, user, now) if user else ""
    seconds = int((message.send_at - GRACE - now).total_seconds())
    if take_back and 0 < seconds <= 60:
        return LetterState("hourglass", f"Waits, {seconds} s to take it back", "", url, take_back)
    at = at_when(max(message.send_at, now), zone, now=now)
    return LetterState("hourglass", f"Waits, and goes out {at}", "", url, take_back)


def _take_back_url(message: Message, offer: Offer, user: User, now: datetime) -> str:
    """With the outcome that sent it, by whoever recorded that; one that goes before its call by itself."""
    if offer.status == OfferStatus.APPROVED:
        return reverse("desk:take_back_mail", args=[message.pk])
    attempts = offer.task.attempts.standing().filter(by=user) if offer.task else None
    last = attempts.order_by("-ended_at", "-pk").first() if attempts is not None else None
    if last and last.before.get("delivered") == offer.pk and may_still_undo(last.ended_at, now=now):
        return reverse("desk:undo_outcome", args=[last.pk])
    return ""
