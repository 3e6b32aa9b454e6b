"""What the toast says after an outcome: what happened, and what happens next."""

from datetime import datetime, tzinfo

from apps.apologies.models import Compensation, LetterBy
from apps.apologies.services import live_letter
from apps.apologies.services.delivery import LETTER_TOLD_IT
from apps.core.moments import by_when, when
from apps.core.templatetags.ui import money
from apps.worklist.models import Attempt, CareTask, Outcome, Reach, TaskStatus

HAPPENED = {
    Outcome.TALKED: "Talked with {name}.",
    Outcome.VOICEMAIL: "Voicemail for {name}.",
    Outcome.NO_ANSWER: "No answer from {name}.",
    Outcome.CALL_BACK: "You call {name} back.",
    Outcome.WRONG_NUMBER: "Wrong number for {name}: it is cleared.",
    Outcome.DO_NOT_CALL: "Nobody calls {name} again.",
    Outcome.PROBLEM_FOUND: "Talked with {name}. Now say what went wrong.",
    Outcome.REPLIED: "Written to {name}.",
}
NEXT_WAY = {
    Reach.EMAIL: "A mail is next.",
    Reach.POST: "A letter is next.",
    Reach.FIND: "Next: find a way to reach them.",
    Reach.PUBLIC: "An answer where it was written is next.",
}
AND_LETTER: dict[str, str] = {
    LetterBy.EMAIL: "{what} is on its way, with the letter by e-mail.",
    LetterBy.POST: "{what} is given; posting the letter is a task.",
}
ALONE = "{what} is given."
NOT_SENT = "Nothing was sent: the mail of {name} is closed to us."
DECIDED_FIRST = "A manager decides on the offer anew before it goes on."


def after_outcome(attempt: Attempt, zone: tzinfo, now: datetime) -> str:
    outcome = Outcome(attempt.outcome)
    happened = NOT_SENT if attempt.before.get("closed") else HAPPENED[outcome]
    said = happened.format(name=attempt.customer.first_name or attempt.customer.display_name)
    return " ".join(filter(None, [said, _given(attempt), _next(attempt.task, zone, now)]))


def _given(attempt: Attempt) -> str:
    """What this call gave, and how its letter follows; nothing where it gave nothing."""
    task, at = attempt.task, attempt.ended_at
    if attempt.outcome != Outcome.TALKED or task.play != "apology":
        return ""
    given = (
        Compensation.objects.standing().filter(offer__task=task, issued_at=at).select_related("offer").first()
    )
    if given is None:
        return ""
    what = f"Their {given.get_kind_display().lower()} of {money(given.amount, given.currency)}"
    letter = live_letter(given.offer)
    return AND_LETTER.get(letter.way if letter else "", ALONE).format(what=what)


def _next(task: CareTask, zone: tzinfo, now: datetime) -> str:
    if task.status == TaskStatus.EXPIRED or task.close_reason == LETTER_TOLD_IT:
        return f"{task.close_reason}, so it ends here."
    if task.status == TaskStatus.WAITING:
        return DECIDED_FIRST
    if task.status == TaskStatus.OPEN and task.reach != Reach.PHONE:
        return NEXT_WAY.get(Reach(task.reach), "")
    if task.status == TaskStatus.OPEN and task.opens_at and task.opens_at > now:
        return _next_try(task.opens_at, is_promised=task.priority == 0, zone=zone, now=now)
    return ""


def _next_try(at: datetime, *, is_promised: bool, zone: tzinfo, now: datetime) -> str:
    if is_promised:
        return f"{when(at, zone, now=now)} your time."
    return f"Next try {by_when(at, zone, now=now)} your time."
