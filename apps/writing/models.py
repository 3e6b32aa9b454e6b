from django.conf import settings
from django.db import models

from .categories import category_name
from .querysets import VerdictQuerySet


class Choice(models.TextChoices):
    """What became of a finding by the moment its text was saved."""

    USED = "used", "A better sentence was used"
    CHANGED = "changed", "Reworded by hand"
    KEPT = "kept", "Kept, with a reason"
    LEFT = "left", "Left as it was"


class Reason(models.TextChoices):
    """Why somebody keeps their words."""

    TRUE = "true", "It is true and kind here"
    CUSTOMER = "customer", "These are the customer’s words"
    WRONG = "wrong", "The checker is wrong"
    OTHER = "other", "Another reason"


STANDING = [Choice.KEPT, Choice.LEFT]


class Verdict(models.Model):
    """What a writer made of one finding, kept when the text was saved.

    `subject` and `subject_id` name the row that the text belongs to as the Event log does, `place` the box it
    was written in. `words` are the words that stayed; of words that went nothing is kept. `stands` is false
    once a later save no longer holds them.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    place = models.CharField(max_length=40, help_text="The box: notes, words, opening_line, ...")
    rule = models.CharField(max_length=80)
    category = models.CharField(max_length=40)
    severity = models.CharField(max_length=10)
    choice = models.CharField(max_length=8, choices=Choice.choices)
    reason = models.CharField(max_length=8, choices=Reason.choices, blank=True)
    words = models.CharField(max_length=300, blank=True)
    stands = models.BooleanField(default=True)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(choice__in=Choice.values), name="choice_known"),
            models.CheckConstraint(
                condition=models.Q(choice="kept") & ~models.Q(reason="")
                | ~models.Q(choice="kept") & models.Q(reason=""),
                name="who_keeps_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(choice__in=STANDING) | models.Q(words=""), name="words_that_went_are_gone"
            ),
            models.UniqueConstraint(
                fields=["subject", "subject_id", "place", "rule", "words"],
                condition=models.Q(choice__in=STANDING),
                name="kept_words_count_once",
            ),
        ]
        indexes = [
            # read beside the text, and by its next save
            models.Index(fields=["subject", "subject_id", "place"], name="verdict_subject"),
            # read by the list of what was kept
            models.Index(fields=["-at", "-id"], condition=models.Q(choice__in=STANDING), name="verdict_kept"),
            # read by the figures of the rules
            models.Index(fields=["at", "rule"], name="verdict_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.choice}"

    @property
    def category_name(self) -> str:
        return category_name(self.category)

    @property
    def why(self) -> str:
        """Why the words stayed, as their writer says it."""
        return self.get_reason_display() or self.get_choice_display()
