"""Who may decide on an offer, and who may change it. Views and templates ask the same questions."""

from django.db.models import Q, QuerySet

from apps.accounts.models import Role, User

from .models import Offer, OfferStatus

DECIDING_ROLES = {Role.MANAGER, Role.ADMIN}
REPORTING_ROLES = {Role.REP, Role.MANAGER, Role.ADMIN}


def deciders(offer: Offer) -> QuerySet[User]:
    """Managers who see the offer's task, and admins: all but the one who proposed or last edited it."""
    team_id = offer.task.team_id if offer.task else None
    sees_it = Q() if team_id is None else Q(team=team_id) | Q(team=None)
    people = User.objects.filter(is_active=True).filter(Q(role=Role.MANAGER) & sees_it | Q(role=Role.ADMIN))
    return people.exclude(pk=offer.proposed_by_id) if offer.proposed_by_id else people


def may_decide(user: User, offer: Offer) -> bool:
    return user.role in DECIDING_ROLES and offer.proposed_by_id != user.pk and _sees(user, offer)


def may_edit(user: User, offer: Offer) -> bool:
    """Managers edit what is undecided, approved or returned; a rep only what came back."""
    if not _sees(user, offer):
        return False
    if user.role in DECIDING_ROLES:
        return offer.status in {OfferStatus.PROPOSED, OfferStatus.APPROVED, OfferStatus.RETURNED}
    return user.role == Role.REP and offer.status == OfferStatus.RETURNED


def may_report(user: User) -> bool:
    """Those who speak with customers say that we failed one."""
    return user.is_active and user.role in REPORTING_ROLES


def may_resolve(user: User) -> bool:
    """Saying that nothing is owed is a manager's word."""
    return user.role in DECIDING_ROLES


def _sees(user: User, offer: Offer) -> bool:
    return Offer.objects.visible_to(user).filter(pk=offer.pk).exists()


def may_reverse(user: User) -> bool:
    """Taking back what a customer was given is a manager's word, too."""
    return user.is_active and user.role in DECIDING_ROLES
