"""Three weeks of campaigns, worked day by day through the services, each told the moment it was then."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from apps.accounts.models import Shop, Team, User
from apps.apologies.services import expire_compensations, lapse_approvals, remind_approvers
from apps.campaigns.engine import run_pass
from apps.campaigns.models import Backfill, Campaign
from apps.campaigns.services import change_settings, switch_on
from apps.customers.models import Customer
from apps.customers.services import refresh_vip_standing
from apps.effort.models import TimeEntry
from apps.outreach.models import MailTemplate, Message
from apps.outreach.services import save_template
from apps.outreach.templating import Words
from apps.worklist.services import sweep

from .answers import answer_some
from .calendar import Story
from .calls import Sitting
from .cases import Cases
from .decisions import Decider, revise_returned
from .mails import Post
from .money import redeem_some, set_budgets
from .reactive import Incoming, busy_share
from .staff import TEAMS, Staff
from .trial import Trial
from .words import cases as words

SETTINGS: dict[str, dict[str, Any]] = {
    "vip_recognition": {"tasks_per_day": 3},
    "feedback_reply": {"backfill": Backfill.DAYS, "backfill_days": 3},
    "apology": {"backfill": Backfill.DAYS, "backfill_days": 7},
}
FULL_DAY = 4.7 * 3600  # reactive seconds of a rep on a weekday
LONGEST_DAY = 5.2 * 3600
SHORT_DAY_SHARE = 0.45  # of that on a Saturday
SATURDAY = 5
REPLIES_A_DAY = 2
DECIDED_A_DAY = 0.75
LEFT_TO_DECIDE = 3
LEFT_TO_CONFIRM = 5  # days on which nobody confirmed what feedback tells
MORNING, LATE_MORNING, AFTERNOON = (10, 20), (12, 40), (15, 20)
Span = tuple[datetime, datetime]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class History:
    story: Story
    shop: Shop
    staff: Staff
    customers: list[Customer]
    seed: int

    def tell(self, progress: Progress) -> None:
        """Everything from the first reactive contact to this morning's pass."""
        self._prepare()
        self._tell_before()
        refresh_vip_standing(now=self.story.starts_at)
        self._switch_on()
        for number, day in enumerate(self.story.days):
            progress(number, len(self.story.days))
            if day in self.story.worked_days:
                self._take_turns(day)
                self._begin(self.story.at(day, 6))
                self._work(day)
                self._lead(day)
                self._end(day)
        self._leave_some_overdue()
        refresh_vip_standing(now=self.story.anchor)
        self._take_turns(self.story.today)
        self._begin(self.story.anchor)
        progress(len(self.story.days), len(self.story.days))

    def chance(self, part: object) -> random.Random:
        return random.Random(f"{self.seed}/{part}")  # noqa: S311 - a story, not a secret

    def _prepare(self) -> None:
        """What was set and written before the first of it was used."""
        begins = self.story.at(self.story.days_before[0], 9)
        set_budgets(
            first=self.story.first_day,
            last=self.story.today,
            customers=len(self.customers),
            shop=self.shop,
            by=self.staff.admin,
            now=begins,
        )
        for play, (name, subject, body) in words.TEMPLATES.items():
            save_template(
                MailTemplate(),
                words=Words(subject, body),
                name=name,
                play=play,
                is_active=True,
                by=self.staff.marketer,
                now=begins,
            )

    def _tell_before(self) -> None:
        trial = Trial(self.story, self.staff, self.shop)
        tried = trial.tell()
        Post(self.chance("trial")).send_and_tell(at=self.story.at(trial.day, 20))
        for day in self.story.days_before:
            incoming = Incoming(self.story, self.customers, self.chance(day))
            entries = [
                entry
                for rep in self.staff.reps
                for entry in incoming.entries(
                    rep,
                    day,
                    seconds=self._reactive_seconds(day),
                    busy=tried if (day, rep) == (trial.day, self.staff.reps[0]) else [],
                )
            ]
            TimeEntry.objects.bulk_create(entries, batch_size=500)
            self._lead(day)

    def _switch_on(self) -> None:
        start = self.story.starts_at
        for campaign in Campaign.objects.all():
            change_settings(campaign, by=self.staff.marketer, now=start, **SETTINGS.get(campaign.play, {}))
            switch_on(campaign, by=self.staff.marketer, now=start, starts_at=start)

    def _begin(self, at: datetime) -> None:
        """What the scheduler does by itself, at the start of a day."""
        sweep(now=at)
        lapse_approvals(now=at)
        expire_compensations(now=at)
        run_pass(at=at)
        remind_approvers(now=at)

    def _take_turns(self, day: date) -> None:
        """Apologies go to one team today and to the other tomorrow; to the first also on the last day."""
        days = [*self.story.worked_days, self.story.today]
        turn = max(len(days) - 2 - days.index(day), 0)
        team = Team.objects.get(name=TEAMS[turn % len(TEAMS)])
        campaign = Campaign.objects.get(play="apology")
        change_settings(campaign, by=self.staff.marketer, now=self.story.at(day, 5), team=team)

    def _end(self, day: date) -> None:
        """The mails of the day are sent, the provider tells of them, and coupons were used."""
        chance, evening = self.chance(f"mails {day}"), self.story.at(day, 20)
        queued = Message.objects.filter(status="queued").order_by("pk")
        _, early, *_, late, _, _ = self.story.worked_days
        bounces = doubtful = None
        if day >= early and not _is_there("bounced"):
            bounces = queued.filter(letter__offer__channel="phone").first()
        if day >= late and not _is_there("unknown"):
            doubtful = queued.last()
        Post(chance, bounces, doubtful).send_and_tell(at=evening)
        redeem_some(since=self.story.calendar.start_of_day(day), until=self._until(day))

    def _until(self, day: date) -> datetime:
        """The next morning that is worked."""
        days = [*self.story.worked_days, self.story.today]
        return self.story.calendar.start_of_day(days[days.index(day) + 1])

    def _work(self, day: date) -> None:
        chance = self.chance(f"work {day}")
        share = 0.0 if day in self.story.worked_days[-3:] else DECIDED_A_DAY
        cases = Cases(self.story, self.staff, self.shop)
        cases.begin(day)
        revise_returned(self.staff.reps, at=self.story.at(day, 9, 40))
        for hour, manager in enumerate(self.staff.managers, 10):
            Decider(manager, chance).decide_some(share=share, at=self.story.at(day, hour, 5))
        worked: dict[int, list[Span]] = {rep.pk: [] for rep in self.staff.reps}
        wanted = {rep.pk: self._wanted(day, chance) for rep in self.staff.reps}
        for rep in self.staff.reps:
            self._call(rep, day, MORNING, wanted[rep.pk] / 2, worked[rep.pk], chance)
        for rep in self.staff.reps:
            at = max([self.story.at(day, 11, 45), *(ends for _, ends in worked[rep.pk])])
            most = 0 if day in self.story.worked_days[-2:] else REPLIES_A_DAY
            is_late = day in self.story.worked_days[-LEFT_TO_CONFIRM:]
            worked[rep.pk] += answer_some(rep, most=most, at=at, chance=chance, leave_heard=is_late)
        for rep in self.staff.reps:
            again = LATE_MORNING if day.weekday() == SATURDAY else AFTERNOON
            self._call(rep, day, again, wanted[rep.pk], worked[rep.pk], chance)
        cases.end(day)
        self._answer_the_rest(day, worked, chance)

    def _wanted(self, day: date, chance: random.Random) -> float:
        """Proactive seconds of a rep that make the day's share."""
        share = self.story.share_of(day) * chance.uniform(0.94, 1.06)
        return self._reactive_seconds(day) * share / (1 - share)

    def _call(
        self,
        rep: User,
        day: date,
        hour: tuple[int, int],
        until: float,
        worked: list[Span],
        chance: random.Random,
    ) -> None:
        """A sitting from about `hour` on, until `until` seconds of the day are worked."""
        starts = self.story.at(day, *hour) + timedelta(seconds=chance.randrange(1200))
        starts = max([starts, *(ends + timedelta(minutes=1) for _, ends in worked)])
        seconds = until - sum((ends - begins).total_seconds() for begins, ends in worked)
        is_last = day == self.story.worked_days[-1]
        sitting = Sitting(rep, self.shop, starts, seconds, self._call_backs_on(day), chance, is_last)
        sitting.work()
        worked += sitting.spans

    def _answer_the_rest(self, day: date, worked: dict[int, list[Span]], chance: random.Random) -> None:
        """Reactive time in proportion, so that the day's share is what the story says."""
        proactive = sum(
            (ends - starts).total_seconds() for spans in worked.values() for starts, ends in spans
        )
        share = self.story.share_of(day)
        seconds = min(proactive * (1 - share) / share / len(worked), LONGEST_DAY)
        incoming = Incoming(self.story, self.customers, chance)
        for rep in self.staff.reps:
            lively = seconds * chance.uniform(0.85, 1.15)
            entries = incoming.entries(rep, day, seconds=lively, busy=worked[rep.pk])
            TimeEntry.objects.bulk_create(entries, batch_size=500)

    def _lead(self, day: date) -> None:
        """What the managers did beside their decisions."""
        incoming = Incoming(self.story, self.customers, self.chance(f"managers {day}"))
        entries = [entry for each in self.staff.managers for entry in incoming.leading(each, day)]
        TimeEntry.objects.bulk_create(entries, batch_size=500)

    def _leave_some_overdue(self) -> None:
        """Late on the last day a manager approved what had waited longest: nobody has called since."""
        evening = self.story.at(self.story.worked_days[-1], 18, 10)
        Decider(self.staff.managers[-1], self.chance("evening")).approve_oldest(
            at=evening, leaving=LEFT_TO_DECIDE
        )

    def _reactive_seconds(self, day: date) -> float:
        full = FULL_DAY * busy_share(len(self.customers))
        return full * (SHORT_DAY_SHARE if day.weekday() == SATURDAY else 1)

    def _call_backs_on(self, day: date) -> date:
        """The next business day; after the last day, today, so that something is promised for it."""
        if day == self.story.worked_days[-1]:
            return self.story.today
        return self.story.calendar.add_business_days(day, 1)


def _is_there(status: str) -> bool:
    return Message.objects.filter(status=status).exists()
