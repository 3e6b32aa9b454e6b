"""By which way the letter of an apology goes."""

from django.db.models import Exists, OuterRef

from apps.customers.models import Customer, Permission
from apps.worklist.calling import refused_channels
from apps.worklist.models import Reach

from .models import LetterBy

# Of an incident's customer: mail for what is owed was refused
MAIL_REFUSED = Exists(
    Permission.objects.filter(
        customer=OuterRef("customer_id"), channel="email", purpose="service", state="refused"
    )
)


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
    refused = refused_channels(customer, "service")
    return letter_way(
        reach,
        by_mail=bool(customer.email) and Reach.EMAIL not in refused,
        by_post=bool(customer.postcode and customer.city) and Reach.POST not in refused,
    )
