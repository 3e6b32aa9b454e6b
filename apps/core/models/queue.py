from django.db import models


class QueuedMessage(models.Model):
    """One Celery message in the embedded broker; gone once a worker has acknowledged it."""

    queue = models.CharField(max_length=80)
    payload = models.TextField()
    priority = models.SmallIntegerField(default=0)
    visible_at = models.DateTimeField()
    lease = models.CharField(max_length=32, blank=True)
    deliveries = models.PositiveSmallIntegerField(default=0)
    dead = models.BooleanField(default=False)
    queued_at = models.DateTimeField()

    class Meta:
        indexes = [
            # read by the transport's claim
            models.Index(
                fields=["queue", "priority", "visible_at"],
                condition=models.Q(dead=False),
                name="queued_message_next",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue} {self.pk}"
