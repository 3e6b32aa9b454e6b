"""What a customer's words are: a complaint, praise, an idea, or a plain comment.

Read from score and words, on the fly: a stored guess would have to be kept right. In this order:

- 1 and 2 complain, whatever the words.
- An idea is told by how it asks for something.
- 4 and 5 praise, unless the words tell of a problem: then they comment. A 5 that also thanks stays praise.
- A 3 and no score leave it to the words: a problem complains, thanks praise, both a "not" and thanks comment.
- Without words and score there is nothing to tell: a comment.

Praise is given with care, because it is what nobody hurries for. Which words count stands in `kind_words`.
"""

from dataclasses import dataclass

from django.db import models

from . import kind_words as words_for
from .models import FeedbackItem


class FeedbackKind(models.TextChoices):
    COMPLAINT = "complaint", "Complaint"
    PRAISE = "praise", "Praise"
    IDEA = "idea", "Idea"
    COMMENT = "comment", "Comment"


@dataclass(frozen=True)
class Heard:
    """What the words tell of. `not` alone is no problem beside thanks, and a problem without them."""

    problem: bool
    thanks: bool
    denial: bool

    @property
    def complains(self) -> bool:
        return self.problem or (self.denial and not self.thanks)


def kind_of(item: FeedbackItem) -> FeedbackKind:
    words = words_for.plain(f"{item.title} {item.text}")
    score = item.score or 3
    if score <= 2:
        return FeedbackKind.COMPLAINT
    if words_for.IDEAS.search(words):
        return FeedbackKind.IDEA
    heard = _heard(words)
    if score >= 4:
        is_glad = (score == 5 and heard.thanks) or not (heard.problem or heard.denial)
        return FeedbackKind.PRAISE if is_glad else FeedbackKind.COMMENT
    if heard.complains:
        return FeedbackKind.COMPLAINT
    return FeedbackKind.PRAISE if heard.thanks and not heard.denial else FeedbackKind.COMMENT


def _heard(words: str) -> Heard:
    """Set phrases and negated problems go first, so that "no problem" is none and "boa tarde" no thanks."""
    words = words_for.NO_PROBLEM.sub(" ", words_for.SET_PHRASES.sub(" ", words))
    rest, negated = words_for.NEGATED_THANKS.subn(" ", words)
    return Heard(
        problem=bool(negated or words_for.PROBLEMS.search(rest)),
        thanks=bool(words_for.THANKS.search(rest)),
        denial=bool(words_for.DENIALS.search(rest)),
    )
