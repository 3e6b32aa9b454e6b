from django.db import models


class QueuedMessage(models.Model):
    """One Celery message in the embedded broker; gone once a worker has acknowledged it."""

    queue = models.CharField(max_length=80)
    task = models.CharField(max_length=120, blank=True, help_text="Its name, for people")
    payload = models.TextField()
    priority = models.SmallIntegerField(default=0, help_text="Higher goes first")
    visible_at = models.DateTimeField(help_text="Not before: an ETA, or the end of the lease")
    lease = models.CharField(max_length=32, blank=True, help_text="Whose delivery it is; empty is nobody's")
    deliveries = models.PositiveSmallIntegerField(default=0)
    dead = models.BooleanField(default=False)
    cause_of_death = models.CharField(max_length=200, blank=True)
    queued_at = models.DateTimeField()

    class Meta:
        indexes = [
            # read by the transport's claim
            models.Index(
                fields=["queue", "-priority", "visible_at"],
                condition=models.Q(dead=False),
                name="queued_message_next",
            ),
            # read by the admin and by /readyz
            models.Index(fields=["queued_at"], condition=models.Q(dead=True), name="queued_message_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.queue} {self.pk}"
