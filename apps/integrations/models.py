from django.conf import settings
from django.db import models


class ImportRun(models.Model):
    """One import: what came in, what was refused and why. Its files live in the data folder."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=10, help_text="shop or contacts")
    source = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    files = models.JSONField(default=dict, help_text="Kind of rows to stored file name")
    options = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    message = models.CharField(max_length=300, blank=True)
    rows_read = models.BigIntegerField(default=0)
    rejects_file = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} from {self.source}"

    @property
    def by_command(self) -> bool:
        """Whether the command line started it: only what was uploaded lies in a folder of ours."""
        return "folder" not in self.options
