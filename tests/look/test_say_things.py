"""The words of the templates: spans, sums, moments, marks."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone

from apps.core.bounded import bounded_counts
from apps.core.templatetags import ui
from apps.core.undo import UNDO_FOR
from apps.customers.models import Customer
from tests import factories

AT = datetime(2026, 3, 4, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 min"),
        (40, "under 1 min"),
        (2700, "45 min"),
        (7200, "2 h"),
        (7800, "2 h 10"),
        (None, "not measured"),
    ],
)
def test_a_span_reads_as_people_say_it(seconds: int | None, words: str) -> None:
    assert ui.duration(seconds) == words


@pytest.mark.parametrize(("seconds", "words"), [(192, "03:12"), (3792, "1:03:12"), (None, "00:00")])
def test_a_clock_reads_as_clocks_do(seconds: int | None, words: str) -> None:
    assert ui.clock(seconds) == words


def test_money_has_its_sign_and_its_digits() -> None:
    assert ui.money(Decimal("1240"), "EUR") == "€1,240.00"
    assert ui.money("49.5", "BRL") == "R$49.50"
    assert ui.money(500, "JPY") == "¥500"
    assert ui.money(Decimal("12"), "") == "12.00"
    assert ui.money(None, "EUR") == ""


@pytest.mark.parametrize(
    ("fraction", "words"), [(0.174, "17.4 %"), (Decimal("0.05"), "5 %"), (0, "0 %"), (None, "not measured")]
)
def test_a_share_reads_as_percent(fraction: float | None, words: str) -> None:
    assert ui.percent(fraction) == words


def test_an_undo_is_offered_as_long_as_it_is_taken() -> None:
    page = Template("{% include 'components/toast.html' %}")
    message = SimpleNamespace(level=25, extra_tags="undo:/calls/attempts/7/undo/")
    shown = page.render(Context({"message": message, "csrf_token": "x"}))
    assert f'data-seconds="{UNDO_FOR.seconds}"' in shown
    assert 'action="/calls/attempts/7/undo/" data-undo>' in shown


def test_a_moment_is_told_where_one_is() -> None:
    assert ui.local_time(AT, ZoneInfo("Europe/Berlin")) == "09:12"
    assert ui.local_time(AT, "America/Sao_Paulo") == "05:12"
    assert ui.local_time(None) == ""


def test_a_near_day_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AT)
    berlin = "Europe/Berlin"
    assert ui.when(AT, berlin) == "Today 09:12"
    assert ui.when(AT - timedelta(days=1), berlin) == "Yesterday 09:12"
    assert ui.when(AT + timedelta(hours=15), berlin) == "Tomorrow 00:12"
    assert ui.when(AT - timedelta(days=5), berlin) == "Fri 27 Feb, 09:12"
    assert ui.when(AT - timedelta(days=100), berlin) == "Mon 24 Nov 2025, 09:12"


def test_how_long_ago_is_told_in_its_largest_part() -> None:
    assert ui.ago(AT, AT + timedelta(hours=2, minutes=14)) == "2 h 14"
    assert ui.ago(AT, AT + timedelta(days=1, hours=5)) == "1 day"
    assert ui.ago(AT, AT + timedelta(days=3)) == "3 days"


def test_a_long_count_is_not_told_to_its_end() -> None:
    assert (ui.bounded(99), ui.bounded(100), ui.bounded(None), ui.bounded(7, 5)) == ("99", "99+", "0", "5+")


def test_one_is_greeted_by_the_hour_there() -> None:
    hours = [ui.greeting(AT + timedelta(hours=more), "Europe/Berlin") for more in (0, 4, 10)]
    assert hours == ["Good morning", "Good afternoon", "Good evening"]


def test_an_undo_is_found_among_the_tags() -> None:
    assert ui.undo_url("success undo:/calls/3/undo/") == "/calls/3/undo/"
    assert ui.undo_url("success") == ""
    assert ui.undo_url(None) == ""


def test_a_field_tells_its_fault_to_the_ear() -> None:
    class Form(forms.Form):
        phone = forms.CharField(help_text="With its country")

    form = Form({"phone": ""})
    template = Template('{% include "components/field.html" with field=form.phone only %}')
    html = template.render(Context({"form": form}))
    assert 'aria-describedby="id_phone_help id_phone_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_phone_error"' in html


def test_words_of_others_are_escaped() -> None:
    template = Template('{% include "components/badge.html" with icon="gift" text=text only %}')
    assert "<script>" not in template.render(Context({"text": "<script>alert(1)</script>"}))


@pytest.mark.django_db
def test_counts_stop_at_their_limit_in_one_query(django_assert_num_queries: object) -> None:
    for _ in range(4):
        factories.make_customer()
    everybody = Customer.objects.all()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert bounded_counts([everybody, everybody.none(), everybody.filter(pk=0), everybody[:2]], 3) == [
            3,
            0,
            0,
            2,
        ]
    assert bounded_counts([]) == []
