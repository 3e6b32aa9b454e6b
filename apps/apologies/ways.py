"""By which way an apology and its letter reach somebody."""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower, Trim

from apps.customers.models import Customer, Permission
from apps.outreach.models import Scope, Suppression
from apps.outreach.services import why_no_mail
from apps.worklist.calling import phone_way, post_way
from apps.worklist.models import Reach

from .models import LetterBy, Offer
from .refusals import Refused

WHY_NOT: dict[str, str] = {
    Reach.EMAIL: "This apology goes by e-mail, so its letter does: choose E-mail for the letter.",
    Reach.POST: "This apology goes by post, so its letter does: choose Post for the letter.",
}


def _refused(channel: str) -> Exists:
    refused = Permission.objects.filter(customer=OuterRef("customer_id"), purpose="service", state="refused")
    return Exists(refused.filter(channel=channel))


# Of an incident's customer, where many are asked about: as mail_is_open and post_way say of one
MAIL_CLOSED = _refused("email") | Exists(
    Suppression.objects.filter(
        scope=Scope.ALL, lifted_at=None, address=Lower(Trim(OuterRef("customer__email")))
    )
)
POST_CLOSED = _refused("post")


def letter_way(reach: str, *, by_mail: bool, by_post: bool) -> str:
    """A letter that is the apology goes by its channel; one beside a call by mail, by post, or not at all."""
    if reach in {Reach.EMAIL, Reach.POST}:
        return LetterBy(str(reach))
    if reach != Reach.PHONE:
        return LetterBy.NONE
    if by_mail:
        return LetterBy.EMAIL
    return LetterBy.POST if by_post else LetterBy.NONE


def letter_way_of(customer: Customer, reach: str) -> str:
    return letter_way(reach, by_mail=mail_is_open(customer), by_post=bool(post_way(customer)))


def check_letter(channel: str, letter_by: str) -> None:
    """Raises Refused where the apology is a letter, and no letter, or another one, goes out."""
    why = WHY_NOT.get(channel)
    if why and letter_by != channel:
        raise Refused(why)


def way_of_letter(offer: Offer) -> str:
    """As it was approved; an approved search holds for whichever way is found."""
    if offer.channel == Reach.FIND and offer.task:
        return letter_way_of(offer.incident.customer, offer.task.reach)
    return offer.letter_by


def goes_first(offer: Offer) -> bool:
    """Only beside a call is there an order: a letter that is the apology goes once."""
    return offer.letter_first and offer.channel == Reach.PHONE and bool(offer.letter_by)


def mail_is_open(customer: Customer) -> bool:
    """An address that takes what is owed: asked again before each mail leaves."""
    return not why_no_mail(customer)


def way_after_call(customer: Customer) -> Reach:
    """For a letter whose call was had: by post, so that they have it in writing, before by phone."""
    return post_way(customer) or phone_way(customer) or Reach.FIND
