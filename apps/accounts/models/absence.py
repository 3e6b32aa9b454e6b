from django.conf import settings
from django.db import models

from ..querysets import AbsenceQuerySet


class Absence(models.Model):
    """Days on which a person does not work: nothing is put on their desk meanwhile."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    note = models.CharField(max_length=120, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="absence_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["user", "last_day"], name="absence_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.first_day}"
