from django.conf import settings
from django.db import models


class Improvement(models.Model):
    """Something that we change so that it does not happen again: only then may a letter promise it."""

    title = models.CharField(max_length=160)
    detail = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField()
    done_on = models.DateField(null=True, blank=True, help_text="The day from which it is different")

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return self.title
