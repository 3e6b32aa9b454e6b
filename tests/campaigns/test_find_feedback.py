from datetime import timedelta

from apps.campaigns.engine import run_pass
from apps.worklist.models import CareTask
from tests.factories import NOW, make_feedback

from .outcomes import listed, switch_on

SECOND = timedelta(seconds=1)


def found() -> set[str]:
    return {occasion for _, occasion, _, _ in listed("feedback_reply", NOW)}


def test_every_unanswered_item_is_a_candidate_however_old() -> None:
    make_feedback(external_id="old", received_at=NOW - timedelta(days=900), score=5)
    make_feedback(external_id="now", received_at=NOW, score=None)
    make_feedback(external_id="later", received_at=NOW + SECOND)
    assert found() == {"feedback:old", "feedback:now"}


def test_answers_and_findings_of_later_are_not_known() -> None:
    received = {"received_at": NOW - timedelta(days=3)}
    make_feedback(external_id="answered", status="answered", closed_at=NOW, **received)
    make_feedback(external_id="not-yet", status="answered", closed_at=NOW + SECOND, **received)
    closed = {"status": "unanswerable", "unanswerable_reason": "Anonymous"}
    make_feedback(external_id="closed", closed_at=NOW - SECOND, **closed, **received)
    make_feedback(external_id="closed-later", closed_at=NOW + SECOND, **closed, **received)
    assert found() == {"feedback:not-yet", "feedback:closed-later"}


def test_low_score_is_due_in_one_business_day_and_others_in_two() -> None:
    """Received on Friday 27 February, in the shop's zone; a day ends at 17:00 there."""
    switch_on("feedback_reply")
    friday = NOW.replace(month=2, day=28, hour=1)
    for score in (2, 3, None):
        make_feedback(external_id=f"f{score}", score=score, received_at=friday)
    run_pass(at=NOW)
    due = {task.facts["feedback"]: task.due_at for task in CareTask.objects.all()}
    monday = NOW.replace(month=3, day=2, hour=20)
    assert due == {"f2": monday, "f3": monday + timedelta(days=1), "fNone": monday + timedelta(days=1)}
