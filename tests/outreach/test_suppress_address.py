from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.outreach.models import Scope, Suppression, SuppressionReason
from apps.outreach.services.suppressing import is_suppressed, lift, suppress
from tests.factories import NOW, make_message

BOUNCED = {"scope": Scope.ALL, "reason": SuppressionReason.BOUNCED, "by": None, "now": NOW}
LEFT = {"scope": Scope.OPTIONAL, "reason": SuppressionReason.UNSUBSCRIBED, "by": None, "now": NOW}


@pytest.mark.django_db
def test_no_mail_at_all_and_no_optional_mail_are_two_things() -> None:
    suppress("Grace@Example.com ", **LEFT)
    assert is_suppressed("grace@example.COM", optional=True)
    assert not is_suppressed("grace@example.com", optional=False)

    suppress("grace@example.com", **BOUNCED)
    assert is_suppressed("grace@example.com", optional=False)
    assert not is_suppressed("somebody@example.com", optional=True)


@pytest.mark.django_db
def test_no_mail_at_all_is_no_optional_mail_either() -> None:
    suppress("grace@example.com", **BOUNCED)
    assert is_suppressed("grace@example.com", optional=True)


@pytest.mark.django_db
def test_whether_is_one_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        is_suppressed("grace@example.com", optional=True)


@pytest.mark.django_db
def test_twice_is_once() -> None:
    first = suppress("grace@example.com", **BOUNCED)
    assert suppress("GRACE@example.com", **BOUNCED) == first
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_a_complaint_outweighs_a_dead_address_and_not_the_other_way() -> None:
    spam = {**BOUNCED, "reason": SuppressionReason.SPAM}
    suppress("grace@example.com", **BOUNCED)
    suppress("grace@example.com", **spam)
    suppress("grace@example.com", **BOUNCED)
    assert Suppression.objects.get().reason == "spam"
    assert Event.objects.count() == 2


@pytest.mark.django_db
def test_it_is_told_on_the_page_of_the_customer_where_one_is_known() -> None:
    message = make_message()
    suppress(message.to_address, **BOUNCED, message=message)
    suppress("somebody@example.com", **BOUNCED)
    about = list(Event.objects.order_by("pk").values_list("subject", "subject_id", "to_status"))
    stranger = Suppression.objects.get(address="somebody@example.com")
    assert about == [
        ("customers.customer", message.customer_id, "all"),
        ("outreach.suppression", stranger.pk, "all"),
    ]


@pytest.mark.django_db
def test_a_manager_lifts_it_with_a_reason(manager) -> None:
    row = suppress("grace@example.com", **BOUNCED)
    later = NOW + timedelta(days=1)
    lift(row, by=manager, now=later, reason="Wrote from there")
    assert not is_suppressed("grace@example.com", optional=True)
    assert Event.objects.filter(verb="lifted", actor=manager, reason="Wrote from there").count() == 1
    with pytest.raises(Conflict):
        lift(row, by=manager, now=later, reason="Again")

    assert suppress("grace@example.com", **{**BOUNCED, "now": later}) != row
    assert is_suppressed("grace@example.com", optional=False)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["rep", "marketer"])
def test_others_do_not_lift_it(who: str, request: pytest.FixtureRequest) -> None:
    row = suppress("grace@example.com", **BOUNCED)
    with pytest.raises(PermissionDenied, match="Ask one"):
        lift(row, by=request.getfixturevalue(who), now=NOW, reason="Please")
    assert is_suppressed("grace@example.com", optional=True)


@pytest.mark.django_db
def test_nothing_is_lifted_without_a_reason(manager) -> None:
    row = suppress("grace@example.com", **BOUNCED)
    with pytest.raises(ValueError, match="Say why"):
        lift(row, by=manager, now=NOW, reason="  ")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one() -> None:
    together = Barrier(2)
    faults: list[BaseException] = []

    def one() -> None:
        together.wait()
        try:
            suppress("grace@example.com", **BOUNCED)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert (Suppression.objects.count(), Event.objects.count()) == (1, 1)
