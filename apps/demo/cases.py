"""Single cases of the story's last days, so that each kind of decision has one that stands open.

A dear one that two people approve, one that came back, one that tells of a rude colleague, and a cause that
was decided for everybody at once. Where a small shop has no customer for one, it is left out.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from apps.accounts.models import Shop
from apps.accounts.services import add_absence, choose_deputy
from apps.apologies.clusters import band_of_cause, suggest_causes
from apps.apologies.models import (
    Cause,
    CustomerEffort,
    Incident,
    IncidentKind,
    IncidentStatus,
    Offer,
    OfferStatus,
    Severity,
)
from apps.apologies.querysets import OfferQuerySet
from apps.apologies.refusals import Refused
from apps.apologies.services import (
    add_incidents,
    approve,
    approve_cause,
    decide_cause,
    edit_offer,
    link_improvement,
    open_cause,
    report_incident,
    return_offer,
)
from apps.customers.models import Customer, Order, Permission
from apps.worklist.models import Reach

from .calendar import Story
from .sales import STORMY
from .staff import Staff
from .words import cases as words

DEAR = Decimal(160)  # above what one person approves alone
DEAR_ORDER = Decimal(120)
LATELY = timedelta(days=14)
AWAY_DAYS = 4
JOINED = 4  # days on which what the storm did was put under its cause


@dataclass(frozen=True)
class Cases:
    story: Story
    staff: Staff
    shop: Shop

    def begin(self, day: date) -> None:
        """Before anybody decides one by one: what one storm did is decided for everybody at once."""
        if day == self.story.worked_days[0]:
            self._decide_the_storm(day)
        elif day in self.story.worked_days[:JOINED]:
            self._let_more_join(self.story.at(day, 9, 30))

    def end(self, day: date) -> None:
        """What of the other cases falls on `day`; nothing on most."""
        second, last = self.story.worked_days[-2:]
        if day == second:
            self._report(self.story.at(day, 15))
        elif day == last:
            self._leave_to_a_second(day)
            self._send_one_back(self.story.at(day, 17, 40))
            self._let_one_go_away(self.story.at(day, 9))

    def _decide_the_storm(self, day: date) -> None:
        """One manager decides for everybody whose parcel lay in the yard, another approves."""
        decides, _, approves = self.staff.managers
        at = self.story.at(day, 9, 20)
        groups = sorted(suggest_causes(now=at), key=lambda group: group.carrier != STORMY)
        if not groups:
            return
        group = groups[0]
        name = words.STORM if group.carrier == STORMY else group.name
        owed = group.incidents.filter(offers__isnull=False).distinct()  # not those of before the shop began
        cause = open_cause(name, incidents=owed, carrier=group.carrier, by=decides, now=at)
        link_improvement(cause, title=words.IMPROVED, done_on=day, by=decides, now=at)
        band = band_of_cause(cause, self.shop.currency)
        if band:
            decide_cause(cause, remedy=band.kind, amount=band.suggested, by=decides, now=at)
            approve_cause(cause, by=approves, now=at + timedelta(minutes=25))

    def _let_more_join(self, at: datetime) -> None:
        cause = Cause.objects.filter(carrier=STORMY).first()
        later = Incident.objects.filter(kind=IncidentKind.LATE, status=IncidentStatus.OPEN, cause=None)
        if cause:
            mine = later.filter(order__carrier=STORMY, detected_at__gte=cause.opened_at)
            add_incidents(cause, mine, by=self.staff.managers[0], now=at)

    def _report(self, at: datetime) -> None:
        """On the last day but one, so that the next pass makes their offers."""
        order = self._dear_order(at)
        if order:
            report_incident(
                order.customer,
                order=order,
                kind=IncidentKind.BROKEN,
                severity=Severity.SERIOUS,
                customer_effort=CustomerEffort.MUCH,
                detail=words.BROKEN,
                by=self.staff.reps[0],
                now=at,
            )
        told_by = self._reachable().order_by("external_id").first()
        if told_by:
            report_incident(
                told_by,
                kind=IncidentKind.RUDE,
                severity=Severity.MODERATE,
                detail=words.RUDE,
                colleague=self.staff.reps[1],
                by=self.staff.managers[0],
                now=at + timedelta(minutes=20),
            )

    def _leave_to_a_second(self, day: date) -> None:
        """It came back as too little, a rep asks for more, and one of two has approved."""
        rep, head = self.staff.reps[0], self.staff.managers[-1]
        offer = self._proposed().filter(incident__detail=words.BROKEN).first()
        if offer is None:
            return
        at = self.story.at(day, 9, 20)
        return_offer(offer, by=head, now=at, version=offer.version, reason=words.TOO_LITTLE)
        with suppress(Refused):  # by what else they were given
            edit_offer(
                offer,
                words=offer.words,
                compensation=offer.compensation,
                amount=DEAR,
                cost=DEAR,
                departure=words.WHY_DEAR,
                by=rep,
                now=self.story.at(day, 10, 5),
                version=offer.version,
            )
            approve(offer, by=head, now=self.story.at(day, 17, 30), version=offer.version)

    def _send_one_back(self, at: datetime) -> None:
        manager = self.staff.managers[0]
        mine = self._proposed().visible_to(manager).of_others(manager).filter(incident__kind="late")
        offer = mine.order_by("-due_at", "pk").first()
        if offer:
            return_offer(offer, by=manager, now=at, version=offer.version, reason=words.SENT_BACK)

    def _let_one_go_away(self, at: datetime) -> None:
        _, away, deputy = self.staff.managers
        choose_deputy(away, deputy=deputy, by=self.staff.admin, now=at)
        first = self.story.today
        last = first + timedelta(days=AWAY_DAYS)
        add_absence(away, first_day=first, last_day=last, note=words.AWAY, by=away, now=at)

    def _dear_order(self, at: datetime) -> Order | None:
        """The dearest that came lately and was all right so far."""
        dear = Order.objects.filter(delivered_at__range=(at - LATELY, at), total__gte=DEAR_ORDER)
        fine = dear.filter(incidents=None, customer__in=self._reachable())
        return fine.select_related("customer").order_by("-total", "external_id").first()

    def _reachable(self) -> QuerySet[Customer]:
        """By phone where calls are possible in our morning, and by mail; nobody whom we owe already."""
        refused = Permission.objects.filter(state=Permission.State.REFUSED).values("customer")
        owed = Incident.objects.filter(status="open").values("customer")
        near = Customer.objects.filter(time_zone=self.shop.time_zone).exclude(phone="").exclude(email="")
        return near.exclude(pk__in=refused).exclude(pk__in=owed)

    def _proposed(self) -> OfferQuerySet:
        proposed = Offer.objects.filter(status=OfferStatus.PROPOSED, channel=Reach.PHONE)
        return proposed.select_related("task", "incident__order", "incident__customer", "incident__cause")
