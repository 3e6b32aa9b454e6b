"""Making the demo shop: the same rows for the same seed and day, and only where no real shop is."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from apps.accounts.models import Role, User
from apps.apologies.models import Offer
from apps.campaigns.models import Enrollment
from apps.customers.models import Customer, Order
from apps.demo import sign_ins
from apps.demo.loading import CannotLoad
from apps.effort.models import ShiftPlan, TimeEntry
from apps.feedback.models import FeedbackItem
from apps.outreach.models import Message
from apps.worklist.models import Attempt, CareTask

from ..factories import NOW, make_customer
from .conftest import Load

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Undo(Exception):
    pass


def told(load: Load, **options: Any) -> dict[str, list[Any]]:
    """The rows of a demo shop, in words that hold in every database; the shop itself is taken back."""
    rows: dict[str, list[Any]] = {}
    try:
        with transaction.atomic():
            load(**options)
            for model, names in COMPARED.items():
                rows[model.__name__] = sorted(map(repr, model.objects.values_list(*names)))
            raise Undo
    except Undo:
        return rows


MADE: dict[Any, list[str]] = {
    Customer: ["external_id", "name", "phone", "email", "city", "created_at", "vip_since"],
    Order: ["external_id", "customer__external_id", "placed_at", "total", "items", "status", "delivered_at"],
    FeedbackItem: ["external_id", "score", "text", "received_at"],
    Enrollment: ["customer__external_id", "play", "occasion", "arm"],
    User: ["name", "email", "role", "team__name"],
    ShiftPlan: ["month", "target"],
}
WORKED: dict[Any, list[str]] = {
    CareTask: ["customer__external_id", "play", "status", "due_at", "attempts_made", "assignee__name"],
    Attempt: ["customer__external_id", "by__name", "outcome", "notes", "started_at", "ended_at"],
    Offer: ["incident__customer__external_id", "status", "amount", "decided_by__name", "decided_at"],
    TimeEntry: ["user__name", "origin", "play", "started_at", "seconds", "channel", "topic"],
}
# PostgreSQL writes the rows of a pass in no certain order, so that of equal tasks any may be taken first
EXACT = connection.vendor == "sqlite"
COMPARED = {Customer: MADE[Customer], Order: MADE[Order], User: MADE[User], ShiftPlan: MADE[ShiftPlan]}
if EXACT:
    COMPARED = MADE | WORKED


def test_the_same_seed_and_day_give_the_same_rows(load: Load) -> None:
    morning = told(load, customers=120)
    evening = told(load, customers=120, now=NOW + timedelta(hours=9))
    other = told(load, customers=120, seed=2)

    assert morning == evening
    assert all(morning.values())
    assert morning["Customer"] != other["Customer"]
    assert not EXACT or morning["Attempt"] != other["Attempt"]


def test_nothing_of_its_past_is_sent_by_the_network(load: Load, settings: Any) -> None:
    settings.SENDGRID_API_KEY, settings.SENDGRID_HOST = "key", "http://127.0.0.1:9"
    load()

    assert Message.objects.filter(status__in=["delivered", "bounced"]).exists()
    assert not Message.objects.filter(status__in=["queued", "failed"]).exists()


def test_a_real_shop_is_not_mixed_with_the_demo(load: Load) -> None:
    make_customer()

    with pytest.raises(CannotLoad, match="real shop"):
        load()


def test_the_command_prints_sign_ins_that_work_and_keeps_them_private(
    db: None, tmp_path: Path, settings: Any, client: Any
) -> None:
    settings.DATA_FOLDER = tmp_path
    printed = StringIO()
    call_command("demo", "--customers", "50", "--seed", "3", stdout=printed)
    path = sign_ins.sign_ins_file()

    assert path.parent == tmp_path
    assert path.stat().st_mode & 0o777 == 0o600
    lines = [line.split() for line in path.read_text().splitlines()[2:]]
    assert {role for role, _, _ in lines} == set(Role.values)
    for _, email, password in lines:
        assert password in printed.getvalue()
        assert User.objects.get(email=email).check_password(password)

    call_command("demo", "--remove", stdout=printed)
    assert "gone" in printed.getvalue()
    assert not path.exists()


@pytest.mark.parametrize("options", [["--customers", "3"], ["--customers", "99999999"], ["--seed", "-1"]])
def test_numbers_that_make_no_shop_are_refused(db: None, options: list[str]) -> None:
    with pytest.raises(CommandError, match="takes"):
        call_command("demo", *options)
    assert not Customer.objects.exists()
