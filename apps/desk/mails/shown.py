"""What of a mail one may see: as much as of the offer that it tells, and codes only where one uses them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from apps.accounts.models import User
from apps.apologies.codes import masked
from apps.apologies.models import Compensation, Letter, Offer
from apps.outreach.models import Message
from apps.outreach.permissions import may_handle_mail

HIDDEN = "This is the letter of another team’s apology. They and their manager see what it says."


@dataclass(frozen=True)
class Shown:
    """The mail's two parts, or why they are hidden."""

    text: str = ""
    html: str = ""
    why_hidden: str = ""


def shown_to(user: User, message: Message) -> Shown:
    if is_hidden(user, message):
        return Shown(why_hidden=HIDDEN)
    mask = _mask(user, message)
    return Shown(mask(message.text), mask(message.html))


def is_hidden(user: User, message: Message) -> bool:
    """The letter of an offer that they may not see."""
    key = message.about("letter")  # also of one that was taken back
    if key is None:
        return False
    offers = Letter.objects.filter(pk=key).values("offer")
    return not Offer.objects.visible_to(user).filter(pk__in=offers).exists()


def _mask(user: User, message: Message) -> Callable[[str], str]:
    """Hides the codes of this customer that are not theirs to see, whoever wrote them into a mail."""
    given = Compensation.objects.filter(offer__incident__customer=message.customer_id, code__isnull=False)
    if may_handle_mail(user):
        given = given.exclude(offer__in=Offer.objects.visible_to(user))
    codes = [code for code in given.values_list("code", flat=True) if code]
    if not codes:
        return lambda part: part
    spellings = {*codes, *map(escape, codes)}  # of the shop's own system, anything may stand in them
    found = re.compile("|".join(map(re.escape, spellings)), re.IGNORECASE)
    return lambda part: found.sub(lambda code: masked(code[0]), part)
