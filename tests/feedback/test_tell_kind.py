import pytest

from apps.feedback.kinds import kind_of
from apps.feedback.models import FeedbackItem


@pytest.mark.parametrize(
    ("score", "text", "kind"),
    [
        (1, "", "complaint"),
        (2, "I love it", "complaint"),
        (5, "", "praise"),
        (4, "Chegou antes do prazo, recomendo", "praise"),
        (5, "It would be nice to have it in green", "idea"),
        (None, "A repair kit in the box would save me a trip to town.", "idea"),
        (None, "Nobody ever rang just to ask. That made my week.", "praise"),
        (None, "Eleven days, two mails, no answer.", "complaint"),
        (3, "Der Reißverschluss ist kaputt", "complaint"),
        (3, "It doesn't close", "complaint"),
        (3, "ok", "comment"),
        (3, "", "comment"),
        (None, "Produto veio errado", "complaint"),
    ],
)
def test_score_and_words_tell_the_kind(score: int | None, text: str, kind: str) -> None:
    assert kind_of(FeedbackItem(score=score, text=text)) == kind
