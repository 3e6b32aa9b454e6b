"""A rep's calls on a day that has passed, made through the worklist's own services."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.accounts.models import Shop, User
from apps.apologies.models import Offer, OfferStatus
from apps.apologies.services import print_letter
from apps.campaigns.mailing import send_for
from apps.campaigns.models import Campaign
from apps.core.call_windows import call_window
from apps.feedback.services import keep_heard
from apps.outreach.models import MailTemplate
from apps.outreach.templating import Words
from apps.worklist.models import CareTask, Outcome, Reach
from apps.worklist.services import record_outcome, take_next

from .words.feedback import HEARD
from .words.work import NOTES

OUTCOMES = {
    Outcome.TALKED: 48,
    Outcome.NO_ANSWER: 25,
    Outcome.VOICEMAIL: 16,
    Outcome.CALL_BACK: 6,
    Outcome.WRONG_NUMBER: 2,
    Outcome.DO_NOT_CALL: 1,
    Outcome.PROBLEM_FOUND: 2,
}
SHORT = {Outcome.NO_ANSWER: (35, 80), Outcome.VOICEMAIL: (60, 150), Outcome.WRONG_NUMBER: (40, 120)}
LONG = (130, 470)
USUAL = 220  # seconds of a task, about
LAST_DAYS_PROMISES = 45  # how heavy a call back weighs on the last day: some are promised for today
SAY_WHAT_THEY_THINK = 0.5
PAUSE = (20, 110)
Span = tuple[datetime, datetime]


@dataclass
class Sitting:
    """One rep at the phone from `cursor` on, until `seconds` are worked or nothing can be worked."""

    rep: User
    shop: Shop
    cursor: datetime
    seconds: float
    call_backs_on: date
    chance: random.Random
    is_last_day: bool = False
    spans: list[Span] = field(default_factory=list)

    @property
    def worked(self) -> float:
        return sum((ends - starts).total_seconds() for starts, ends in self.spans)

    def work(self) -> None:
        while self.worked + USUAL / 2 < self.seconds:
            task = take_next(self.rep, now=self.cursor)
            if task is None:
                return
            self.end_one(task)

    def end_one(self, task: CareTask) -> None:
        """Say how the task that is held ended, a plausible while later."""
        outcome = self._outcome(task)
        ends = self.cursor + timedelta(seconds=self.chance.randrange(*SHORT.get(outcome, LONG)))
        if (
            task.play == "welcome"
            and outcome == Outcome.TALKED
            and self.chance.random() < SAY_WHAT_THEY_THINK
        ):
            said = self.chance.choice(HEARD)
            keep_heard(task, text=said, score=self.chance.choice([3, 4, 5]), by=self.rep, now=ends)
        self._print(task)
        if not self._mailed(task, ends):
            record_outcome(
                task,
                outcome=outcome,
                by=self.rep,
                now=ends,
                notes=self._notes(task, outcome),
                call_back_at=self._call_back_at(task, ends) if outcome == Outcome.CALL_BACK else None,
                gesture=self._gesture(task) if outcome == Outcome.TALKED else "",
            )
        self.spans.append((self.cursor, ends))
        self.cursor = ends + timedelta(seconds=self.chance.randrange(*PAUSE))

    def _print(self, task: CareTask) -> None:
        """An apology by post is on paper before anybody says that it is in the post."""
        offer = Offer.objects.filter(task=task, status=OfferStatus.APPROVED).first()
        if offer and task.reach == Reach.POST:
            print_letter(offer, by=self.rep, now=self.cursor)

    def _mailed(self, task: CareTask, now: datetime) -> bool:
        """Where a task goes by mail, its play's template ends it."""
        if task.reach != Reach.EMAIL:
            return False
        template = MailTemplate.objects.filter(play=task.play, is_active=True).first()
        if template:
            words = Words(template.subject, template.body)
            send_for(task, words, by=self.rep, shop=self.shop, now=now)
        return template is not None

    def _outcome(self, task: CareTask) -> Outcome:
        if task.reach != Reach.PHONE:
            return Outcome.REPLIED
        weights = OUTCOMES | ({Outcome.CALL_BACK: LAST_DAYS_PROMISES} if self.is_last_day else {})
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def _notes(self, task: CareTask, outcome: Outcome) -> str:
        words = NOTES.get((task.play, str(outcome))) or NOTES.get(("", str(outcome))) or [""]
        return self.chance.choice(words)

    def _gesture(self, task: CareTask) -> str:
        if task.play != "vip_recognition":
            return ""
        gestures = Campaign.objects.get(play=task.play).gestures.splitlines()
        return self.chance.choice(gestures) if gestures else ""

    def _call_back_at(self, task: CareTask, now: datetime) -> datetime:
        """A quarter of an hour on the promised day, in the hours in which they may be called."""
        zone = ZoneInfo(task.zone or self.shop.time_zone)
        morning = datetime(
            self.call_backs_on.year, self.call_backs_on.month, self.call_backs_on.day, 1, tzinfo=zone
        )
        opens, closes = call_window(zone, self.shop.calls_from, self.shop.calls_until, max(morning, now))
        quarters = int((closes - opens) / timedelta(minutes=15))
        return opens + timedelta(minutes=15 * self.chance.randrange(4, min(quarters - 4, 36)))
