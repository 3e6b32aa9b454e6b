"""Who may decide on an offer, change it, take it back or hand it over.

Views, templates, lists and services all ask here, so that no route answers otherwise.
"""

from dataclasses import dataclass

from django.db.models import Q

from apps.accounts.models import Role, User
from apps.accounts.querysets import UserQuerySet

from .authors import keys_of
from .models import LIVE, Incident, IncidentStatus, Offer, OfferStatus

DECIDING_ROLES = {Role.MANAGER, Role.ADMIN}
REPORTING_ROLES = {Role.REP, Role.MANAGER, Role.ADMIN}

OWN_OFFER = "You proposed or changed this offer, so somebody else has to decide."
FIRST_APPROVER = "You approved this first. A second person has to."
ONLY_MANAGERS = "Managers decide on offers. Ask one of your team."
ONLY_MANAGERS_CLOSE = "A manager closes or reopens an incident. Ask one of your team."
ANOTHER_MANAGER = (
    "Another manager has to say that: one who sees its apology, and has neither written nor changed it."
)


def deciders(offer: Offer) -> UserQuerySet:
    """Managers who see its task, and admins: all but who proposed, edited or first approved it."""
    team_id = offer.task.team_id if offer.task else None
    sees_it = Q() if team_id is None else Q(team=team_id) | Q(team=None)
    people = User.objects.working().filter(Q(role=Role.MANAGER) & sees_it | Q(role=Role.ADMIN))
    return people.exclude(pk__in=_parties(offer))


def takes_part(user: User, offer: Offer) -> bool:
    """Is it their own proposal or edit, or was theirs the first of two approvals?"""
    return user.pk in _parties(offer)


@dataclass(frozen=True)
class Rights:
    """What one person may do with one offer, whatever its status; who does not see it may nothing."""

    decide: bool = False
    edit: bool = False
    withdraw: bool = False


def rights_of(user: User, offer: Offer) -> Rights:
    """Managers decide, but for those who take part; who may decide may leave it to somebody else who may.

    Managers edit what is undecided, approved or came back, a rep only what came back. Who proposed it takes
    it back, and so do managers, until the customer heard it.
    """
    if not Offer.objects.visible_to(user).filter(pk=offer.pk).exists():
        return Rights()
    is_manager = user.role in DECIDING_ROLES
    decides = is_manager and not takes_part(user, offer)
    edits = is_manager and offer.status in LIVE
    if came_back(offer):
        edits = is_manager or user.role == Role.REP
    withdraws = offer.status in LIVE and (is_manager or offer.proposed_by_id == user.pk)
    return Rights(decide=decides, edit=edits, withdraw=withdraws)


def may_decide(user: User, offer: Offer) -> bool:
    return rights_of(user, offer).decide


def why_not_decide(user: User, offer: Offer) -> str:
    if user.pk in _authors(offer):
        return OWN_OFFER
    return FIRST_APPROVER if offer.first_approved_by_id == user.pk else ONLY_MANAGERS


def may_edit(user: User, offer: Offer) -> bool:
    return rights_of(user, offer).edit


def may_withdraw(user: User, offer: Offer) -> bool:
    return rights_of(user, offer).withdraw


def came_back(offer: Offer) -> bool:
    """Returned, or withdrawn while the apology is still owed."""
    if offer.status == OfferStatus.WITHDRAWN:
        return offer.incident.status == IncidentStatus.OPEN
    return offer.status == OfferStatus.RETURNED


def may_report(user: User) -> bool:
    """Those who speak with customers say that we failed one."""
    return user.is_active and user.role in REPORTING_ROLES


def may_resolve(user: User, incident: Incident) -> bool:
    """Saying that nothing is owed, or that it is after all, is as good as a decision on its offer."""
    return Incident.objects.closable_by(user).filter(pk=incident.pk).exists()


def why_not_resolve(user: User) -> str:
    return ANOTHER_MANAGER if user.role in DECIDING_ROLES else ONLY_MANAGERS_CLOSE


def _authors(offer: Offer) -> set[int]:
    return keys_of(offer.authors) | {offer.proposed_by_id or 0}


def _parties(offer: Offer) -> set[int]:
    return _authors(offer) | {offer.first_approved_by_id or 0}


def may_see_colleague(user: User, incident: Incident) -> bool:
    """Who was rude: for managers of that colleague's team and admins, never for the colleague themself."""
    if incident.colleague is None or not user.is_active or user.pk == incident.colleague_id:
        return False
    if user.role == Role.ADMIN:
        return True
    same_team = user.team_id is not None and user.team_id == incident.colleague.team_id
    return user.role == Role.MANAGER and same_team


def may_see_detail(user: User, incident: Incident, *, works_it: bool = False) -> bool:
    """What was told of how somebody of ours treated a customer may name them.

    It is for those who may see the name, for who reported it, and for who holds the apology's task
    (`works_it`), so that they know what to own; where nobody is named, for every manager. Any other
    incident's words are for everybody who works here.
    """
    if not incident.is_private:
        return True
    if user.pk == incident.colleague_id or not user.is_active:
        return False
    if works_it or incident.reported_by_id == user.pk:
        return True
    if incident.colleague_id is None:
        return user.role in DECIDING_ROLES
    return may_see_colleague(user, incident)


def may_reverse(user: User) -> bool:
    """Taking back what a customer was given is a manager's word, too."""
    return user.is_active and user.role in DECIDING_ROLES
