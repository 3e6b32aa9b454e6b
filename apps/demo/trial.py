"""A day, weeks before the campaigns: carecrm is tried with one apology. Its coupon has run out since."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.accounts.models import Shop
from apps.apologies.models import CouponCode, Incident, IncidentKind, Severity
from apps.apologies.services import add_to_pool, approve, report_incident, resolve_incident
from apps.campaigns.engine import run_pass
from apps.campaigns.models import Campaign
from apps.campaigns.services import switch_off, switch_on
from apps.customers.models import Order, Permission
from apps.worklist.models import Outcome, Reach
from apps.worklist.services import record_outcome, take

from .calendar import Story
from .staff import Staff
from .words import cases as words

DAYS_BEFORE = 38
COUNTS_FOR = timedelta(days=30)
CODE = "TERN-TRIAL-1"
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Trial:
    story: Story
    staff: Staff
    shop: Shop

    @property
    def day(self) -> date:
        return next(
            day for day in self.story.days_before if day >= self.story.first_day - timedelta(days=DAYS_BEFORE)
        )

    def tell(self) -> list[Span]:
        """One apology from its report to the call; gives the time of the rep that it took."""
        morning = self.story.at(self.day, 9, 30)
        order = self._order(morning)
        if order is None:
            return []
        campaign = Campaign.objects.get(play="apology")
        start = self.story.calendar.start_of_day(self.day)
        switch_on(campaign, by=self.staff.marketer, now=morning, starts_at=start)
        incident = self._report(order, morning)
        run_pass(at=morning + timedelta(minutes=10), plays=["apology"])
        self._close_the_others(incident, morning + timedelta(minutes=20))
        spans = self._apologise(incident, morning + timedelta(minutes=40))
        switch_off(campaign, by=self.staff.marketer, now=self.story.at(self.day, 17))
        return spans

    def _order(self, at: datetime) -> Order | None:
        """One that came lately, of somebody who has not ordered since: the coupon stays unused."""
        refused = Permission.objects.filter(state=Permission.State.REFUSED).values("customer")
        came = Order.objects.filter(delivered_at__range=(at - timedelta(days=14), at), incidents=None)
        near = came.filter(customer__time_zone=self.shop.time_zone)
        return (
            near.exclude(customer__phone="")
            .exclude(customer__email="")
            .exclude(customer__in=refused)
            .exclude(customer__orders__placed_at__gt=at)
            .select_related("customer")
            .order_by("-delivered_at", "external_id")
            .first()
        )

    def _report(self, order: Order, at: datetime) -> Incident:
        return report_incident(
            order.customer,
            order=order,
            kind=IncidentKind.BROKEN,
            severity=Severity.MODERATE,
            detail=words.TRIED,
            by=self.staff.reps[0],
            now=at,
        )

    def _close_the_others(self, but: Incident, at: datetime) -> None:
        """What the pass found beside it had been told already, as it was done until then."""
        for incident in Incident.objects.exclude(pk=but.pk).order_by("pk"):
            resolve_incident(incident, reason=words.TOLD_BY_HAND, by=self.staff.managers[0], now=at)

    def _apologise(self, incident: Incident, at: datetime) -> list[Span]:
        offer = incident.offers.select_related("task", "incident__order").first()
        if offer is None or offer.task is None:
            return []
        expires_on = self.day + COUNTS_FOR
        code = CouponCode(code=CODE, amount=offer.amount, currency=offer.currency, expires_on=expires_on)
        add_to_pool([code], now=at)
        approve(offer, by=self.staff.managers[0], now=at, version=offer.version)
        rep, task = self.staff.reps[0], offer.task
        task.refresh_from_db()
        begins = at + timedelta(minutes=15)
        ends = begins + timedelta(minutes=6)
        take(task, by=rep, now=begins)
        outcome = Outcome.TALKED if task.reach == Reach.PHONE else Outcome.REPLIED
        record_outcome(task, outcome=outcome, by=rep, now=ends)
        return [(begins, ends)]
