"""Why not? The answer for one customer, read from the same sheet as the number."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apps.campaigns.models import Verdict
from apps.campaigns.plays import Play
from apps.campaigns.registry import guards
from apps.campaigns.sheet import ENROLLED, HOLDOUT
from apps.customers.models import Customer

SENTENCES = {
    ENROLLED: "is in.",
    HOLDOUT: "is in the holdout: left out on purpose, so that you can see what the calls change.",
}


@dataclass(frozen=True)
class Answer:
    asked: str
    name: str
    customer_id: int | None
    text: str


def why_not(asked: str, verdicts: QuerySet[Verdict], play: Play) -> Answer:
    """Found by number, e-mail, phone, or the whole name."""
    customer = _find(asked.strip())
    if customer is None:
        return Answer(asked, "", None, "No customer has that number, e-mail, phone or name.")
    rows = list(verdicts.filter(customer=customer).order_by("-occurred_at")[:3])
    text = (
        " ".join(_sentence(row, play) for row in rows) or f"is no candidate. Matched: {play.matched.lower()}."
    )
    return Answer(asked, customer.display_name, customer.pk, text)


def _find(asked: str) -> Customer | None:
    exact = Q(external_id=asked) | Q(email__iexact=asked) | Q(phone=asked) | Q(name__iexact=asked)
    return Customer.objects.filter(exact).order_by("pk").first()


def _sentence(row: Verdict, play: Play) -> str:
    about = f"({play.why(row.facts)})"
    if row.outcome in SENTENCES:
        return f"{SENTENCES[row.outcome]} {about}"
    guard = next(guard for guard in guards() if guard.reason == row.outcome)
    return f"is held back: {guard.label.lower()}. {guard.meaning}. {about}"
