from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Concat, JSONObject

from apps.campaigns.expressions import local_day
from apps.campaigns.moment import Moment
from apps.campaigns.plays import Occasions, Play, Script, Stale, said_day
from apps.feedback.models import FeedbackItem, FeedbackStatus
from apps.worklist.models import Reach

LOW_SCORE = 2


class FeedbackReply(Play):
    """A personal answer to every feedback item, praise too. Owed."""

    code = "feedback_reply"
    name = "Feedback replies"
    matched = "Feedback without a reply"
    owed = True
    channels = (Reach.EMAIL, Reach.PHONE, Reach.POST)
    last_resort = Reach.PUBLIC
    script = Script(
        goal="Give every word a personal answer, and say what I will do with it",
        opening_line="Dear {first_name}, thank you for writing to us. I have read every word of it.",
        talk_points=(
            "Name what they said, in their words.\n"
            "If something went wrong: I am sorry, this is our fault, and here is what I will do by when.\n"
            "If it is praise: say who hears of it.\n"
            "No offers and no reasons why. Sign with my own name."
        ),
        minutes=6,
    )

    def candidates(self, moment: Moment) -> Sequence[Occasions]:
        unanswered = Q(status=FeedbackStatus.WAITING) | Q(closed_at__gt=moment.at)
        return [
            Occasions(
                rows=FeedbackItem.objects.filter(unanswered, received_at__lte=moment.at),
                customer_id=F("customer_id"),
                occasion=Concat(Value("feedback:"), F("external_id")),
                subject_id=F("pk"),
                occurred_at=F("received_at"),
                due_from=local_day("received_at", moment),
                due_days=Case(
                    When(score__lte=LOW_SCORE, then=Value(1)), default=Value(2), output_field=IntegerField()
                ),
                facts=JSONObject(
                    feedback="external_id",
                    score="score",
                    title="title",
                    place="place",
                    received_on=local_day("received_at", moment),
                ),
            )
        ]

    def why(self, facts: Mapping[str, Any]) -> str:
        score, received = facts.get("score"), said_day(facts.get("received_on"))
        return f"Gave {score} of 5 {received}" if score else f"Wrote to us {received}"

    def stale(self, moment: Moment) -> Sequence[Stale]:
        item = FeedbackItem.objects.filter(pk=OuterRef("subject_id"))
        closed = item.filter(closed_at__lte=moment.at)
        return [
            Stale("It has been answered", Exists(closed.filter(status=FeedbackStatus.ANSWERED))),
            Stale(
                "A person recorded that it cannot be answered",
                Exists(closed.filter(status=FeedbackStatus.UNANSWERABLE)),
            ),
            Stale("The feedback was removed", ~Exists(item)),
        ]
