from django.db import models


class Arrival(models.Model):
    """What came in by a door, kept as it came: read later by a worker, and again if need be.

    A reader claims it (`claimed_until`); one that dies gives it back when the claim ends, and one that
    fails leaves the `fault` and a later next try there.
    """

    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True, help_text="Nobody else reads it before")
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True, help_text="Why it could not be read")

    class Meta:
        abstract = True
