"""A letter promises an improvement only while its failure stands under the cause that it improves."""

from apps.core.models import Event
from apps.feedback.models import Improvement

from .models import Cause, Offer
from .refusals import Refused

KEPT_NO_MORE = (
    "The letter says “{title}”, and what caused this is no longer the cause for which that is changed. "
    "Take the sentence out, or put this under that cause again."
)


def is_promised(improvement: Improvement, words: str) -> bool:
    """The letter says its title, whole or after the day from which it is so."""
    return improvement.title.strip().rstrip(".")[1:].casefold() in words.casefold()


def check_promise(offer: Offer) -> None:
    """Raises Refused where the letter promises what changes for a cause that it was taken out of."""
    incident = offer.incident
    named = Event.objects.filter(
        subject=incident._meta.label_lower, subject_id=incident.pk, verb="cause named"
    )
    keys = {event.data["set"]["cause_id"] for event in named} - {incident.cause_id}
    left = Cause.objects.filter(pk__in=keys, improvement__isnull=False) if keys else []
    kept = incident.cause.improvement_id if incident.cause else None
    for cause in left:
        improvement = cause.improvement
        if improvement and improvement.pk != kept and is_promised(improvement, offer.words):
            raise Refused(KEPT_NO_MORE.format(title=improvement.title))
