"""What a customer's words are: a complaint, praise, an idea, or a plain comment.

Read from score and words, on the fly: a stored guess would have to be kept right. The score decides
where it is clear (1 and 2 complain, 4 and 5 praise); an idea is told by how it asks for something;
in between the words decide. Words are matched as their beginnings, in English, German, Portuguese,
Spanish and French.
"""

import re

from django.db import models

from .models import FeedbackItem


class FeedbackKind(models.TextChoices):
    COMPLAINT = "complaint", "Complaint"
    PRAISE = "praise", "Praise"
    IDEA = "idea", "Idea"
    COMMENT = "comment", "Comment"


IDEAS = (
    "would save|would be (?:nice|great|good|better)|would love|i wish|could you|could there|you could|"
    "you should|it would help|suggest|please add|an idea|why not|if only|missing (?:is|are)|"
    "wäre (?:schön|gut|toll)|könntet|wünsch|vorschlag|sugest|sugir|poderia|gostaria|deveria|"
    "sería|podrían|me gustaría|serait|pourriez|j'aimerais"
)
PROBLEMS = (
    "not |n't |never|no answer|broken|late|wait|wrong|lost|missing|damaged|refund|bad|poor|rude|slow|"
    "terrible|"
    "nicht|kein|kaputt|spät|falsch|schlecht|não|nao |nunca|atras|errad|ruim|péssim|pessim|falt|quebrad|"
    "defeit|tarde|roto|mal[ao]? |malo|pas |jamais|cassé|retard"
)
THANKS = (
    "thank|love|great|perfect|excellent|wonderful|happy|made my|best|recommend|good|danke|super|toll|gut |"
    "prima|ótim|otim|excelente|ador|obrigad|recomend|perfeit|bom|boa|gracias|encant|merci|parfait|genial"
)


def kind_of(item: FeedbackItem) -> FeedbackKind:
    words = f"{item.title} {item.text}".lower()
    if item.score is not None and item.score <= 2:
        return FeedbackKind.COMPLAINT
    if _says(IDEAS, words):
        return FeedbackKind.IDEA
    if item.score is not None and item.score >= 4:
        return FeedbackKind.PRAISE
    return _by_words(words)


def _by_words(words: str) -> FeedbackKind:
    if _says(PROBLEMS, words):
        return FeedbackKind.COMPLAINT
    return FeedbackKind.PRAISE if _says(THANKS, words) else FeedbackKind.COMMENT


def _says(beginnings: str, words: str) -> bool:
    return re.search(rf"(?:\b|(?<=\w)(?=n't))(?:{beginnings})", words) is not None
