"""The shift board: what it says, to whom, at which cost, and the file."""

import csv
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Shop, User
from apps.core.csv_export import safe_cell
from apps.desk.shift.board import begun
from apps.desk.shift.chart import Bar, drawings
from apps.desk.shift.figures import count
from apps.effort.models import TimeEntry
from apps.effort.plans import set_plan, stairs
from apps.effort.report import Row, week_of
from apps.effort.shares import Share
from apps.worklist.models import Attempt
from tests.factories import make_customer, make_feedback, make_order, make_task, make_team

JOINED = datetime(2020, 1, 1, tzinfo=UTC)


def monday(weeks_ago: int) -> datetime:
    day = week_of(timezone.now().date()) - timedelta(weeks=weeks_ago)
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def add(user: User | None, origin: str, seconds: int, weeks_ago: int = 1, **more: object) -> TimeEntry:
    at = monday(weeks_ago)
    team = user.team if user else None
    return TimeEntry.objects.create(
        user=user, team=team, origin=origin, seconds=seconds, started_at=at, day=at.date(),
        **{"source": "clock", **more},
    )  # fmt: skip


@pytest.fixture
def measured(rep: User, marketer: User) -> User:
    """Last week: 174 of 1,000 hours' seconds proactive, against 20 %."""
    User.objects.update(date_joined=JOINED)
    add(rep, "proactive", 17_400, play="welcome")
    add(rep, "reactive", 82_600)
    set_plan(
        stairs(monday(20).date().replace(day=1), start=Decimal("0.2"), step=Decimal(0), months=1),
        by=marketer,
        now=timezone.now(),
    )
    return rep


def test_board_says_last_week_in_one_sentence(client: Client, measured: User, marketer: User) -> None:
    client.force_login(marketer)
    page = client.get("/shift/").content.decode()
    assert "<h1>17.4 % of care time was proactive last week</h1>" in page
    assert "2.6 points under" in page
    assert "54 min more proactive time" in page


def test_table_holds_what_the_chart_shows(client: Client, measured: User, marketer: User) -> None:
    client.force_login(marketer)
    response = client.get("/shift/")
    board = response.context["board"]
    page = response.content.decode()
    assert len(board.lines) == 14
    shares = {line.name: line.share for line in board.lines if line.share is not None}
    assert list(shares.values()) == [pytest.approx(0.174)]
    wide, narrow = drawings(list(board.bars), of_weeks=True)
    assert (wide.css, len(wide.bars), len(wide.hits)) == ("chart-l", 1, 14)
    assert (narrow.css, len(narrow.bars), len(narrow.hits)) == ("chart-s", 1, 8)
    assert page.count('class="bar"') == 3  # one in each drawing, one in the legend
    assert "17.4 %</td>" in page


@pytest.mark.parametrize(("known", "shown"), [([13], 8), ([2, 13], 12), ([], 8), ([0], 14)])
def test_chart_begins_at_the_first_week_measured(known: list[int], shown: int) -> None:
    first = week_of(timezone.now().date())
    nothing, some = Share(0, 0, 0), Share(60, 540, 0)
    rows = [
        Row(f"{n}", first, first, some if n in known else nothing, int(n in known), None, None, None)
        for n in range(14)
    ]
    assert [row.name for row in begun(rows)] == [f"{n}" for n in range(14 - shown, 14)]


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("month", None),
        ("team", ["Care", "No team"]),
        ("play", ["Welcome", "No play"]),
    ],
)
def test_board_groups_by_month_team_and_play(
    client: Client, measured: User, marketer: User, by: str, names: list[str] | None
) -> None:
    add(None, "reactive", 60, agent="bot")
    client.force_login(marketer)
    board = client.get(f"/shift/?by={by}").context["board"]
    assert names is None or [line.name for line in board.lines] == names
    assert sum(line.row.time.care for line in board.lines) == 100_060


def test_plays_add_up_to_the_whole_share(client: Client, measured: User, marketer: User) -> None:
    add(measured, "proactive", 5_000, play="apology")
    client.force_login(marketer)
    board = client.get("/shift/?by=play").context["board"]
    assert sum(line.share for line in board.lines) == pytest.approx(board.report.total.time.share)


def test_board_says_so_when_over_half_is_not_measured(client: Client, rep: User, marketer: User) -> None:
    User.objects.update(date_joined=JOINED)
    add(rep, "reactive", 3600)
    client.force_login(marketer)
    page = client.get("/shift/").content.decode()
    assert re.search(r"<strong>99\.\d % of the working time is not measured\.</strong>", page)


def test_empty_board_names_the_next_step(client: Client, marketer: User) -> None:
    client.force_login(marketer)
    page = client.get("/shift/").content.decode()
    assert "<h1>No care time is measured yet</h1>" in page
    assert 'href="/shift/plan/"' in page


def test_own_days_are_shown_and_bad_ones_explained(client: Client, measured: User) -> None:
    client.force_login(measured)
    day = monday(1).date()
    page = client.get(f"/shift/?period=own&from={day}&to={day}")
    assert page.context["board"].report.total.time.proactive == 17_400
    page = client.get(f"/shift/?period=own&from={day}&to={day - timedelta(days=1)}")
    assert page.status_code == 200
    assert "The first day is after the last day" in page.content.decode()


def test_rep_sees_the_board_but_no_plan_button_nor_unmatched_names(client: Client, measured: User) -> None:
    add(None, "reactive", 60, agent="bot")
    client.force_login(measured)
    page = client.get("/shift/").content.decode()
    assert "17.4 % of care time" in page
    assert "/shift/plan/" not in page
    assert "/shift/agents/" not in page


def test_manager_is_told_of_unmatched_time(client: Client, measured: User, manager: User) -> None:
    add(None, "reactive", 60, agent="bot")
    client.force_login(manager)
    assert "/shift/agents/" in client.get("/shift/").content.decode()


def test_board_is_private_and_only_read(client: Client, marketer: User) -> None:
    assert client.get("/shift/").status_code == 302
    client.force_login(marketer)
    assert client.post("/shift/").status_code == 405


@pytest.mark.parametrize("by", ["week", "month", "team", "play"])
def test_board_costs_at_most_ten_queries(
    client: Client, measured: User, marketer: User, by: str, django_assert_max_num_queries: object
) -> None:
    """Session, user, shop twice, waiting counts, share of today, daily sums, people, plan, figures."""
    make_team("Empty")
    client.force_login(marketer)
    with django_assert_max_num_queries(10):
        assert client.get(f"/shift/?by={by}").status_code == 200


def test_figures_are_what_the_data_tells(shop: Shop, rep: User) -> None:
    at = monday(1)
    tasks = [make_task() for _ in range(3)]
    for task, outcome in [
        (tasks[0], "no_answer"), (tasks[0], "talked"), (tasks[1], "voicemail"), (tasks[2], "replied")
    ]:  # fmt: skip
        Attempt.objects.create(
            task=task, customer=task.customer, by=rep, outcome=outcome, started_at=at, ended_at=at
        )
    undone = make_task()
    Attempt.objects.create(
        task=undone, customer=undone.customer, outcome="talked", started_at=at, ended_at=at, undone_at=at
    )
    for hours in (1, 3, 10):
        make_feedback(received_at=at, status="answered", closed_at=at + timedelta(hours=hours))
    make_feedback(received_at=at)
    make_order(placed_at=at)
    make_order(placed_at=at, status="cancelled")
    found = count(shop, at.date(), at.date() + timedelta(days=6), now=timezone.now())
    assert (found.calls, found.tried, found.reached) == (3, 2, 1)
    assert (found.feedback, found.answered, found.answer_seconds) == (4, 3, 3 * 3600)
    assert (found.orders, found.unmatched) == (1, False)


def test_contacts_are_held_against_the_orders_of_the_same_days(
    client: Client, marketer: User, rep: User
) -> None:
    """Three contacts of last week over eight orders that stand; of other weeks and origins nothing."""
    for seconds in (60, 600, 1800):
        add(rep, "reactive", seconds)
    add(rep, "proactive", 600, play="welcome")
    add(rep, "internal", 600)
    add(rep, "reactive", 600, weeks_ago=3)
    for _ in range(8):
        make_order(placed_at=monday(1))
    make_order(placed_at=monday(1), status="cancelled")
    make_order(placed_at=monday(3))
    client.force_login(marketer)

    first, last = monday(1).date(), monday(1).date() + timedelta(days=6)
    page = client.get(f"/shift/?period=own&from={first}&to={last}").content.decode()

    assert "37.5" in page
    assert "3 contacts, 8 orders" in page


def test_figures_without_any_data_say_nothing(shop: Shop) -> None:
    found = count(shop, monday(1).date(), monday(0).date(), now=timezone.now())
    assert (found.calls, found.tried, found.feedback, found.answer_seconds) == (0, 0, 0, None)


def test_file_holds_the_table(client: Client, measured: User, marketer: User) -> None:
    client.force_login(marketer)
    response = client.get("/shift/table.csv?by=team")
    assert response["Content-Disposition"].startswith('attachment; filename="proactive-share-by-team-')
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert [(row["team"], row["proactive seconds"], row["share"]) for row in rows] == [
        ("Care", "17400", "0.174")
    ]


def test_file_runs_no_formula(client: Client, measured: User, marketer: User) -> None:
    team = measured.team
    team.name = '=HYPERLINK("https://evil.example")'
    team.save(update_fields=["name"])
    client.force_login(marketer)
    response = client.get("/shift/table.csv?by=team")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(StringIO(text)))[1][0] == '\'=HYPERLINK("https://evil.example")'


@pytest.mark.parametrize(
    ("cell", "safe"),
    [("=1+1", "'=1+1"), ("+49", "'+49"), ("-3", "'-3"), ("@x", "'@x"), (" =1", "' =1"), ("\t=1", "'\t=1"),
     ("plain", "plain"), (-3, -3), (None, "")],
)  # fmt: skip
def test_cell_that_would_run_is_text(cell: object, safe: object) -> None:
    assert safe_cell(cell) == safe


def test_customer_of_a_logged_contact_is_known(client: Client, rep: User) -> None:
    customer = make_customer()
    client.force_login(rep)
    client.post("/contacts/log/", {"channel": "phone", "customer": customer.pk})
    assert customer.time_entries.count() == 1


def test_the_plans_figure_stands_over_the_bars_that_it_crosses():
    shares = [0.02, 0.05, 0.072, 0.085, 0.06, 0.02, 0.08, 0.05]
    bars = [Bar(f"{day} Nov", share, None, 0.05, "", "") for day, share in enumerate(shares)]
    _, narrow = drawings(bars, of_weeks=True)
    name = narrow.stair_names[0]
    left, low = float(name.x), float(name.y)
    ends = [float(bar.x) + float(bar.width) for bar in narrow.bars]
    crossed = [
        bar for bar, end in zip(narrow.bars, ends, strict=True) if float(bar.x) < left + 56 and end > left
    ]
    assert crossed
    assert all(low <= float(bar.y) for bar in crossed)
