from django.conf import settings
from django.db import models


class MailTemplate(models.Model):
    """Words of a mail that people write: plain text with allow-listed `{placeholders}`, never code."""

    name = models.CharField(max_length=80, unique=True)
    play = models.CharField(max_length=20, help_text="The play whose mails it is for")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
