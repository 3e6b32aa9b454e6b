from django.conf import settings
from django.db import models

from .item import FeedbackItem


class Reply(models.Model):
    """Our words to one feedback item: a draft until a person marks it as answered."""

    item = models.OneToOneField(FeedbackItem, on_delete=models.CASCADE, related_name="reply")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    words = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    message = models.OneToOneField(
        "outreach.Message",
        null=True,
        on_delete=models.SET_NULL,
        related_name="reply",
        help_text="The mail that it was sent by; also once that came back, until it is answered anew",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | ~models.Q(words=""),
                name="a_sent_reply_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"Reply to {self.item_id}"
