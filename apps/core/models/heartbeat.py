from django.db import models


class Heartbeat(models.Model):
    """When a worker last ran the tick: the proof that scheduler, broker and worker all turn."""

    name = models.CharField(max_length=40, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
