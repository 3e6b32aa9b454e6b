from threading import Barrier, Thread

import pytest
from django.db import connection

from apps.campaigns.defaults import make_campaigns_after_migrate
from apps.campaigns.due import claim_due
from apps.campaigns.engine import PassReport, run_pass
from apps.campaigns.models import Campaign, Enrollment
from apps.worklist.models import CareTask
from tests.factories import NOW, make_customer, make_feedback, make_order, make_shop

from .outcomes import switch_on


@pytest.mark.django_db(transaction=True)
def test_two_passes_at_once_enrol_each_once() -> None:
    make_campaigns_after_migrate(using="default")
    make_shop()
    for _ in range(20):
        make_order(make_customer())
        make_feedback()
    switch_on()
    reports: list[PassReport] = []
    together = Barrier(3)

    def one_pass() -> None:
        together.wait()
        try:
            reports.append(run_pass(at=NOW))
        finally:
            connection.close()

    threads = [Thread(target=one_pass) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reports) == 3
    enrolled = sum(each.enrolled for report in reports for each in report.campaigns)
    assert enrolled == Enrollment.objects.count() == CareTask.objects.count()
    assert Enrollment.objects.filter(play="welcome").count() == 20
    assert Enrollment.objects.filter(play="feedback_reply").count() == 20


def test_of_two_ticks_one_gets_the_campaign() -> None:
    switch_on("welcome", starts_at=NOW)
    assert claim_due(NOW) == ["welcome"]
    assert claim_due(NOW) == []


def test_a_pass_for_a_moment_to_come_does_not_stop_todays() -> None:
    switch_on("welcome", starts_at=NOW)
    Campaign.objects.update(last_pass_at=NOW.replace(year=2030))
    assert claim_due(NOW) == ["welcome"]


def test_a_tick_leaves_out_what_has_not_started() -> None:
    switch_on("welcome", starts_at=NOW.replace(year=2027))
    assert claim_due(NOW) == []
