"""Many people press Start calls in the same instant: nobody gets what another has, nobody goes without."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import perf_counter

import pytest
from django.db import close_old_connections, connection

from apps.accounts.models import User
from apps.core.models import Event
from apps.worklist.models import CareTask
from apps.worklist.services import take_next
from tests.factories import NOW, make_customer, make_shop, make_task, make_team, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> list[User]:
    make_shop()
    team = make_team()
    customer = make_customer()
    for _ in range(120):
        make_task(customer, team=team)
    return [make_user(team=team) for _ in range(50)]


def take(user: User, now: datetime = NOW) -> tuple[CareTask | None, float]:
    began = perf_counter()
    try:
        return take_next(user, now=now), perf_counter() - began
    finally:
        connection.close()


def test_fifty_people_get_fifty_tasks(people: list[User]) -> None:
    with ThreadPoolExecutor(50) as pool:
        taken = [task for task, _ in pool.map(take, people)]
    close_old_connections()
    assert None not in taken
    assert len({task.pk for task in taken if task}) == 50
    assert CareTask.objects.filter(status="held").values("held_by").distinct().count() == 50
    assert Event.objects.filter(subject="worklist.caretask", verb="held").count() == 50


def test_ten_clicks_of_one_person_take_one_task(people: list[User]) -> None:
    with ThreadPoolExecutor(10) as pool:
        taken = [task for task, _ in pool.map(take, [people[0]] * 10)]
    assert len({task.pk for task in taken if task}) == 1
    assert CareTask.objects.filter(status="held").count() == 1
