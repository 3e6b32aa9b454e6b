"""All that the call workspace shows of one task, read from stored facts."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from apps.accounts.models import Shop, User
from apps.apologies.letter_words import subject_of
from apps.apologies.models import Letter, Offer, OfferStatus
from apps.apologies.services import live_letter
from apps.campaigns.models import Campaign
from apps.campaigns.placeholders import fill
from apps.campaigns.registry import play_for
from apps.core.moments import by_when
from apps.desk.approvals.letter_state import order_of
from apps.desk.customers.page import phone_words
from apps.desk.today.headline import their
from apps.desk.today.rows import PLAY_NAMES, Sign, spoken_facts, why
from apps.language.phrases import Card, phrase_cards
from apps.worklist.calling import Window, refused_by_phone, window_of
from apps.worklist.models import REPLY_PLAY, Attempt, CareTask, Outcome, Reach, TaskStatus
from apps.worklist.shelves import next_in_line

from .card import CustomerCard, card_of
from .promises import Choice, quick_choices

OUTCOME_ICONS = {
    "talked": "speech",
    "voicemail": "voicemail",
    "no_answer": "missed",
    "call_back": "calendar",
    "wrong_number": "ban",
    "do_not_call": "nophone",
    "problem_found": "alert",
    "replied": "check",
}
# An outcome has one key wherever it is offered; 8 is Move on
OUTCOME_KEYS = {
    Outcome.TALKED: 1,
    Outcome.VOICEMAIL: 2,
    Outcome.NO_ANSWER: 3,
    Outcome.CALL_BACK: 4,
    Outcome.WRONG_NUMBER: 5,
    Outcome.DO_NOT_CALL: 6,
    Outcome.PROBLEM_FOUND: 7,
    Outcome.REPLIED: 9,
}
BY_PHONE = [one for one in OUTCOME_KEYS if one != Outcome.REPLIED]
IN_WRITING = [Outcome.REPLIED, Outcome.TALKED, Outcome.PROBLEM_FOUND]
WRITTEN = "Written and sent"
# What ends a task that tells an approved offer in writing
WITH_OFFER = {str(Reach.EMAIL): "Send the letter", str(Reach.POST): "It is in the post"}
TOLD = {OfferStatus.APPROVED, OfferStatus.DELIVERED}
OWN_WORDS = {
    "late": "We delivered late. That is our fault, and I am sorry.",
    "lost": "We lost your parcel. That is our fault, and I am sorry.",
    "cancelled": "We cancelled what you had ordered. That is our fault, and I am sorry.",
    "wrong": "We sent you the wrong thing. That is our fault, and I am sorry.",
    "broken": "What we sent you was broken. That is our fault, and I am sorry.",
    "rude": "That is not how we want to treat you. It is our fault, and I am sorry.",
    "silent": "We did not answer you. That is our fault, and I am sorry.",
}
# A task that somebody holds is not withdrawn under their hands: they are told, and choose
NO_LONGER_DUE = "{reason}, so this is no longer due."
IF_TALKING = (
    "If you are talking already, end it kindly and say how it ended. If not, move on: it takes itself back."
)
OWN_ANY = "This is our fault, and I am sorry."


@dataclass(frozen=True)
class OutcomeChoice:
    value: str
    label: str
    icon: str
    key: int


@dataclass(frozen=True)
class Strip:
    """The calls around this one."""

    done: list[Attempt]
    coming: list[CareTask]


@dataclass(frozen=True)
class Workspace:
    task: CareTask
    play_name: str
    why: str
    urgency: str
    window: Window | None
    window_sign: Sign | None
    is_mine: bool
    may_call: bool
    can_start: bool
    number: str
    opening: str
    goal: str
    points: list[str]
    gestures: list[str]
    keeps_feedback: bool
    is_hard: bool
    phrases: tuple[Card, ...]
    offer: Offer | None
    own_words: str
    outcomes: list[OutcomeChoice]
    call_backs: list[Choice]
    strip: Strip
    card: CustomerCard
    letter: Letter | None = None
    subject: str = ""
    reaches: str = ""
    sends_letter: bool = False
    prints: bool = False
    no_longer_due: str = ""
    what_to_do: str = IF_TALKING


def workspace_of(task: CareTask, *, user: User, shop: Shop, zone: tzinfo, now: datetime) -> Workspace:
    campaign = Campaign.objects.filter(play=task.play).first() or Campaign(play=task.play)
    by_phone = task.reach == Reach.PHONE
    window = window_of(task, now, shop) if by_phone else None
    may_call = by_phone and not refused_by_phone(task)
    offer = Offer.objects.told_by(task).select_related("incident__order", "decided_by").first()
    offer = offer if offer and offer.status in TOLD else None
    today = now.astimezone(zone).date()
    known = {**spoken_facts(task.facts, today), **names_for_words(task, user, shop)}
    hard = is_hard(task.play)
    is_said = (
        by_phone or task.play == REPLY_PLAY
    )  # the script of replies is for writing, all others are spoken
    return Workspace(
        task=task,
        play_name=PLAY_NAMES.get(task.play, campaign.name or task.play),
        why=why(task, today),
        urgency=urgency(task, window),
        window=window,
        window_sign=window_sign(task, window, zone) if window else None,
        is_mine=task.status == TaskStatus.HELD and task.held_by_id == user.pk,
        may_call=may_call,
        can_start=task.status == TaskStatus.OPEN and (window is None or (may_call and window.is_open)),
        number=phone_words(task.customer.phone, shop.country),
        opening=fill(campaign.opening_line, known) if is_said else "",
        goal=campaign.goal,
        points=[fill(line, known) for line in _lines(campaign.talk_points)] if is_said else [],
        gestures=_lines(campaign.gestures),
        keeps_feedback=task.play in {"welcome", "vip_recognition"},
        is_hard=hard,
        phrases=phrase_cards() if hard else (),
        offer=offer,
        own_words=OWN_WORDS.get(offer.incident.kind, OWN_ANY) if offer else OWN_ANY,
        outcomes=outcomes_for(task, sends_letter=sends_letter(task, offer)),
        letter=live_letter(offer) if offer else None,
        subject=subject_of(offer) if offer else "",
        reaches=order_of(offer) if offer and by_phone and sends_letter(task, offer) else "",
        sends_letter=sends_letter(task, offer),
        prints=sends_letter(task, offer) and task.reach == Reach.POST,
        call_backs=quick_choices(task.zone, shop=shop, mine=zone, now=now),
        strip=strip_of(task, user, zone, now),
        card=card_of(task, user=user, today=shop.day_of(now), now=now),
        no_longer_due=no_longer_due(task),
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def no_longer_due(task: CareTask) -> str:
    """What a pass noted on a task that was held: what was left without an outcome withdraws itself."""
    reason = task.facts.get("no_longer_due") if task.status == TaskStatus.HELD else ""
    return NO_LONGER_DUE.format(reason=str(reason).rstrip(".")) if reason else ""


def names_for_words(task: CareTask, user: User, shop: Shop) -> dict[str, str]:
    return {
        "first_name": task.customer.first_name or "there",
        "name": task.customer.display_name,
        "rep": user.name.split(" ")[0],
        "shop": shop.name or "our shop",
    }


def is_hard(play: str) -> bool:
    try:
        return play_for(play).hard
    except KeyError:
        return False


def urgency(task: CareTask, window: Window | None) -> str:
    if window is None or not window.closes_soon:
        return ""
    minutes = max(1, int((window.closes_at - window.now).total_seconds() // 60))
    unit = "minute" if minutes == 1 else "minutes"
    return f"{their(task.customer).capitalize()} calling window closes in {minutes} {unit}."


def window_sign(task: CareTask, window: Window, zone: tzinfo) -> Sign:
    where = task.customer.city or "where they are"
    where = f"in {where}" if task.customer.city else where
    here = (
        f"{window.local_now:%H:%M} {where}" if window.is_known else "Their time is not known: our hours count"
    )
    if not window.is_open:
        opens = by_when(window.opens_at, zone, now=window.now)
        return Sign("moon", f"{here}. Calls from {opens} your time", "alert")
    until = f"{here}, until {window.closes_at.astimezone(window.zone):%H:%M}"
    return Sign("hourglass", until, "alert") if window.closes_soon else Sign("tick", until, "good")


def sends_letter(task: CareTask, offer: Offer | None) -> bool:
    """The approved letter is still to be sent or told by this task; else they have heard it, and answered."""
    return offer is not None and (offer.status == OfferStatus.APPROVED or offer.task_id != task.pk)


def outcomes_for(task: CareTask, *, sends_letter: bool) -> list[OutcomeChoice]:
    """With their keys. In writing only what can be the end of it."""
    ways = BY_PHONE if task.reach == Reach.PHONE else IN_WRITING
    written = WITH_OFFER.get(task.reach, WRITTEN) if sends_letter else WRITTEN
    return [
        OutcomeChoice(
            one, written if one == Outcome.REPLIED else one.label, OUTCOME_ICONS[one], OUTCOME_KEYS[one]
        )
        for one in ways
    ]


def strip_of(task: CareTask, user: User, zone: tzinfo, now: datetime) -> Strip:
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    done = Attempt.objects.standing().filter(by=user, ended_at__gte=midnight).select_related("customer")
    line = next_in_line(user, now).exclude(pk=task.pk).select_related("customer")
    return Strip(list(done.order_by("-ended_at")[:2])[::-1], list(line[:5]))
