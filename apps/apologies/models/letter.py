from django.conf import settings
from django.db import models

from ..querysets import LetterQuerySet
from .offer import LetterBy, Offer


class Letter(models.Model):
    """The letter of an offer as it went out: by a mail, or by a person who prints and posts it.

    `words` is what the customer reads, with what was given. One that was taken back or
    came back is withdrawn, so that another can go another way.
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="letters")
    way = models.CharField(max_length=5, choices=LetterBy.choices)
    subject = models.CharField(max_length=200)
    words = models.TextField()
    message = models.OneToOneField(
        "outreach.Message", null=True, on_delete=models.PROTECT, related_name="letter"
    )
    task = models.OneToOneField(
        "worklist.CareTask",
        null=True,
        on_delete=models.SET_NULL,
        related_name="letter",
        help_text="Of whoever posts it, where that is not the apology's own task",
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer"],
                condition=models.Q(withdrawn_at=None),
                name="one_letter_per_offer",
            ),
        ]

    def __str__(self) -> str:
        return f"Letter {self.pk}"
