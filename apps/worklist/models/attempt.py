from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from ..querysets import AttemptQuerySet
from .task import CareTask


class Outcome(models.TextChoices):
    TALKED = "talked", "Talked"
    VOICEMAIL = "voicemail", "Voicemail"
    NO_ANSWER = "no_answer", "No answer"
    CALL_BACK = "call_back", "Call back"
    WRONG_NUMBER = "wrong_number", "Wrong number"
    DO_NOT_CALL = "do_not_call", "Do not call"
    PROBLEM_FOUND = "problem_found", "Problem found"
    REPLIED = "replied", "Replied"


# Outcomes by which the customer heard from us: the contact guard counts these
CONTACT_OUTCOMES = [
    Outcome.TALKED,
    Outcome.VOICEMAIL,
    Outcome.CALL_BACK,
    Outcome.DO_NOT_CALL,
    Outcome.PROBLEM_FOUND,
    Outcome.REPLIED,
]


class Attempt(models.Model):
    """One try to reach the customer within a task, with its outcome and its time."""

    task = models.ForeignKey(CareTask, on_delete=models.CASCADE, related_name="attempts")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="attempts")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="attempts"
    )
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    notes = models.TextField(blank=True)
    gesture = models.CharField(max_length=200, blank=True, help_text="The special thing that was done")
    call_back_at = models.DateTimeField(null=True)
    time_entry = models.OneToOneField(
        "effort.TimeEntry", null=True, on_delete=models.SET_NULL, related_name="attempt"
    )
    before = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder, help_text="What the outcome changed, as it was: for the undo"
    )
    undone_at = models.DateTimeField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="outcome_known"),
            models.CheckConstraint(
                condition=models.Q(ended_at__gte=models.F("started_at")), name="attempt_ends_after_start"
            ),
        ]
        indexes = [
            # read by the contact guard and the customer page
            models.Index(fields=["customer", "ended_at"], name="attempt_customer"),
            # read by Today: what one did today
            models.Index(fields=["by", "ended_at"], name="attempt_by"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.outcome}"
