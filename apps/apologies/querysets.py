from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from .authors import has_hand_in

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.worklist.models import CareTask

    from .models import Cause, Compensation, Incident, Letter, Offer


YEAR = timedelta(days=365)
LIVE = ["proposed", "seconding", "returned", "approved"]
# "Find a way" is an approval of whichever way is found
ELSEWHERE = Q(task__isnull=False) & ~Q(channel="find") & ~Q(channel=F("task__reach"))


class CauseQuerySet(models.QuerySet["Cause"]):
    def visible_to(self, user: "User") -> Self:
        """Causes are decided for everybody at once: managers and admins."""
        return self if user.is_active and user.role in {"manager", "admin"} else self.none()


# How somebody of ours treated them, as `Incident.is_private` says of one
PRIVATE = Q(tells_of_treatment=True) | Q(kind="rude") | Q(colleague__isnull=False)


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: "User") -> Self:
        return self if user.is_active else self.none()

    def closable_by(self, user: "User") -> Self:
        """Of which this person may say that nothing is owed, or that it is after all.

        A manager who sees the apology and has no hand in it, and of whom the incident does not tell: closing
        it is as good as declining.
        """
        if not user.is_active or user.role not in {"manager", "admin"}:
            return self.none()
        offers: Any = self.model._meta.get_field("offers").related_model
        live = offers._default_manager.filter(incident=OuterRef("pk"), status__in=LIVE)
        seen = ~Exists(live) | Exists(live.visible_to(user))
        return self.filter(seen, ~Exists(live.by_themselves(user))).exclude(colleague=user)

    def private(self) -> Self:
        """Their words are not for everybody: see `permissions.may_see_detail`."""
        return self.filter(PRIVATE)


class LetterQuerySet(models.QuerySet["Letter"]):
    def live(self) -> Self:
        """Neither taken back nor come back."""
        return self.filter(withdrawn_at=None)

    def gone(self) -> Self:
        """Live, and out of our hands with what it gives: a worker has the mail, or somebody posts it.

        So is a mail that is sent again and may have reached them before.
        """
        waits = Q(message__status="queued", message__doubted_at=None) | Q(message__status="taken_back")
        mailed = Q(message__isnull=False) & ~waits
        out = self.live().filter(mailed | Q(task__status__in=["held", "done"]))
        return out.filter(offer__given__status__in=["issued", "redeemed", "expired"])


class CompensationQuerySet(models.QuerySet["Compensation"]):
    def standing(self) -> Self:
        """Given and not taken back: at most one of each offer."""
        return self.exclude(status="reversed")


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: "User") -> Self:
        """As with its task: one's team's, and those of no team; marketers and admins see all."""
        if not user.is_active:
            return self.none()
        if user.role in {"marketer", "admin"} or user.team_id is None:
            return self
        return self.filter(Q(task__team=user.team_id) | Q(task__team=None) | Q(proposed_by=user))

    def undecided(self) -> Self:
        """They wait for a first or for a second approval."""
        return self.filter(status__in=["proposed", "seconding"])

    def of_others(self, user: "User") -> Self:
        """This person has no hand in them, nor approved them first: as `permissions.takes_part`, for many."""
        return self.exclude(has_hand_in(user)).exclude(first_approved_by=user)

    def by_themselves(self, user: "User") -> Self:
        """This person has a hand in them, or approved them first: others decide."""
        return self.filter(has_hand_in(user) | Q(first_approved_by=user))

    def came_back(self) -> Self:
        """To be changed: returned, or withdrawn while the apology is still owed."""
        ended = Q(status="withdrawn") & ~Q(incident__status="open")
        return self.filter(status__in=["returned", "withdrawn"]).exclude(ended)

    def outdated(self, now: datetime) -> Self:
        """Live, and made for another incident than it is by now, or to be told another way.

        A letter that nobody has touched or decided on also follows the arrival of a late parcel, and another
        apology that gave the same: `is_only_repeated` tells that this alone is its reason.

        One that is being told on the phone is left until its call has ended.
        """
        live = self.filter(status__in=LIVE, proposed_at__lte=now)
        fits = Q(
            for_kind=F("incident__kind"),
            for_severity=F("incident__severity"),
            for_known_on=F("incident__known_on"),
        )
        is_there = Q(incident__kind="late", incident__order__delivered_at__lte=now)
        untouched = Q(status="proposed", proposed_by=None)
        is_news = (is_there & Q(for_arrived=False)) | (~is_there & Q(for_arrived=True))
        heard = self.model._default_manager.filter(
            incident__customer=OuterRef("incident__customer"),
            status="delivered",
            compensation=OuterRef("compensation"),
            decided_at__gt=now - YEAR,
        )
        is_old = ~fits | ELSEWHERE | (untouched & is_news)
        changed = live.annotate(
            is_only_repeated=Case(When(is_old, then=Value(False)), default=Value(True))
        ).filter(is_old | (untouched & Q(Exists(heard))))
        return changed.exclude(task__status__in=["held", "done"]).changeable()

    def changeable(self) -> Self:
        """But for those approved whose letter is out, with what it gives: they stand as they are."""
        letters: Any = self.model._meta.get_field("letters").related_model
        out = letters._default_manager.gone().filter(offer=OuterRef("pk"))
        return self.filter(~Q(status="approved") | ~Exists(out))

    def told_by(self, task: "CareTask") -> Self:
        """The offer that this task tells: the apology's own, or that of whoever posts its letter."""
        return self.filter(Q(task=task) | Q(letters__task=task))

    def told_elsewhere(self) -> Self:
        """Live, and its task has left the channel that the offer names."""
        return self.filter(ELSEWHERE, status__in=LIVE).changeable()
