"""What a pass writes: enrollments, tasks, refusals, and an Event for each row that came to be."""

from django.db import connection
from django.db.models import F, Max, Model, QuerySet, Value

from apps.core.models import Event
from apps.worklist.models import CareTask

from .ledger import insert_joined, insert_select
from .models import Arm, Campaign, DueDay, Enrollment, Refusal, Verdict
from .moment import Moment
from .planner import due_days, link_tasks, open_tasks, room_today, waiting_enrollments
from .plays import Play
from .sheet import ENROLLED, HOLDOUT

NOT_STORED = [ENROLLED, HOLDOUT, "already_enrolled"]
FRESH = (
    f"SELECT v.customer_id, v.occasion, v.facts, v.expires_at, d.due_at FROM {Verdict._meta.db_table} v "  # noqa: S608
    f"JOIN {DueDay._meta.db_table} d ON d.due_from = v.due_from AND d.due_days = v.due_days "
    f"WHERE v.outcome = '{ENROLLED}'"
)


def enrol(play: Play, campaign: Campaign, moment: Moment, verdicts: QuerySet[Verdict]) -> int:
    """Write all that the verdicts say; returns how many tasks were opened for those enrolled now."""
    newest_task, newest = _newest(CareTask), _newest(Enrollment)
    room = room_today(play, campaign, moment)
    chosen = verdicts.filter(outcome__in=[ENROLLED, HOLDOUT])
    if chosen.exists():
        with due_days(chosen, moment):
            if room is None:
                open_tasks(play, campaign, moment, (FRESH, ()))
            _write_enrollments(play, campaign, moment)
    _open_waiting(play, campaign, moment, room)
    _record(play, campaign, moment, newest=newest, newest_task=newest_task)
    _write_refusals(campaign, moment, verdicts)
    return Enrollment.objects.filter(pk__gt=newest, campaign=campaign, task__isnull=False).count()


def _newest(model: type[Model]) -> int:
    return model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0


def _write_enrollments(play: Play, campaign: Campaign, moment: Moment) -> None:
    insert_joined(
        Enrollment,
        {
            "campaign_id": ("%s", (campaign.pk,)),
            "play": ("%s", (play.code,)),
            "customer_id": "v.customer_id",
            "occasion": "v.occasion",
            "subject_id": "v.subject_id",
            "kind": "v.kind",
            "arm": f"CASE WHEN v.outcome = '{HOLDOUT}' THEN '{Arm.HOLDOUT}' ELSE '{Arm.TREATMENT}' END",
            "task_id": "t.id",
            "occurred_at": "v.occurred_at",
            "due_at": "d.due_at",
            "expires_at": "v.expires_at",
            "enrolled_at": ("%s", (connection.ops.adapt_datetimefield_value(moment.at),)),
            "facts": "v.facts",
        },
        (
            f"{Verdict._meta.db_table} v "
            f"JOIN {DueDay._meta.db_table} d ON d.due_from = v.due_from AND d.due_days = v.due_days "
            "LEFT JOIN worklist_caretask t ON t.key = %s || v.customer_id || ':' || v.occasion "
            f"AND v.outcome = '{ENROLLED}' WHERE v.outcome IN ('{ENROLLED}', '{HOLDOUT}')",
            (f"{play.code}:",),
        ),
        "ON CONFLICT DO NOTHING",
    )


def _open_waiting(play: Play, campaign: Campaign, moment: Moment, room: int | None) -> None:
    """Tasks for those who wait for a place, as many as the day still has room for."""
    waiting = waiting_enrollments(play, campaign, moment)
    if room == 0 or not waiting.exists():
        return
    rows = waiting.values("customer_id", "occasion", "facts", "expires_at", "due_at")[:room]
    open_tasks(play, campaign, moment, rows.query.sql_with_params())
    link_tasks(campaign)


def _record(play: Play, campaign: Campaign, moment: Moment, *, newest: int, newest_task: int) -> None:
    for rows, verb, status in (
        (Enrollment.objects.filter(pk__gt=newest, campaign=campaign), F("arm"), ""),
        (CareTask.objects.filter(pk__gt=newest_task, play=play.code), Value("created"), F("status")),
    ):
        subject = rows.model._meta.label_lower
        given = {"at": moment.at, "subject": subject, "subject_id": F("pk"), "verb": verb}
        insert_select(rows, Event, {**given, "to_status": status})


def _write_refusals(campaign: Campaign, moment: Moment, verdicts: QuerySet[Verdict]) -> None:
    """One row per campaign, customer and occasion: its last reason, and when it was first and last seen."""
    insert_select(
        verdicts.exclude(outcome__in=NOT_STORED),
        Refusal,
        {
            "campaign_id": campaign.pk,
            "customer_id": F("customer_id"),
            "occasion": F("occasion"),
            "reason": F("outcome"),
            "first_seen_at": moment.at,
            "last_seen_at": moment.at,
        },
        "ON CONFLICT (campaign_id, customer_id, occasion) DO UPDATE "
        "SET reason = excluded.reason, last_seen_at = excluded.last_seen_at",
    )
