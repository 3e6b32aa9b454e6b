"""A shop's files go in once, whatever they call their columns and however often they come."""

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Shop
from apps.core.csv_reader import UnusableFile
from apps.core.models import Event
from apps.customers.imports.customers import EMAIL_NOTE, PHONE_NOTE, ZONE_NOTE
from apps.customers.models import Customer, Order, Permission
from apps.feedback.imports import URL_NOTE
from apps.feedback.models import FeedbackItem
from apps.integrations.shop_import import Report

from .conftest import Import, Write

ORDERS = "order_id,customer_id,placed_at,total,promised_on,delivered_at,status"
ONE_ORDER = "1042,c1,2026-02-27 10:30:00,49.50,2026-03-02,2026-03-01 09:00:00,Delivered"


def counts(report: Report, kind: str) -> tuple[int, int, int, int]:
    found = report.counts[kind]
    assert found.as_dict()["read"] == found.created + found.updated + found.unchanged + found.rejected
    return found.created, found.updated, found.unchanged, found.rejected


def rejected(report: Report) -> list[dict[str, str]]:
    if report.rejects_file is None:
        return []
    with report.rejects_file.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_three_files_become_rows_that_know_each_other(run: Import, write: Write) -> None:
    report = run(
        customers=write(
            "c.csv", "customer_id,name,email,phone,country", "c1,Grace Okafor,G@X.org,030 901820,"
        ),
        orders=write("o.csv", ORDERS, ONE_ORDER),
        feedback=write("f.csv", "feedback_id,order_id,answered_at,score,text", "f1,1042,2026-03-02,4,Lovely"),
    )

    assert [counts(report, kind) for kind in report.counts] == [(1, 0, 0, 0)] * 3
    customer, order, item = Customer.objects.get(), Order.objects.get(), FeedbackItem.objects.get()
    assert (customer.email, customer.phone) == ("g@x.org", "+4930901820")
    assert (order.customer, item.order, item.customer) == (customer, order, customer)
    assert order.placed_at == datetime(2026, 2, 27, 9, 30, tzinfo=UTC)
    assert (order.total, order.promised_on, order.status) == (Decimal("49.50"), date(2026, 3, 2), "delivered")
    assert (item.external_id, item.status) == ("f1:1042", "waiting")
    assert item.received_at == datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert report.rejects_file is None


def test_the_same_files_again_change_nothing(run: Import, write: Write) -> None:
    files = {
        "customers": write("c.csv", "customer_id,name,accepts_calls", "c1,Grace,no", "c2,Paul,"),
        "orders": write("o.csv", ORDERS, ONE_ORDER),
        "feedback": write("f.csv", "id,order_id,received_at,rating", "f1,1042,2026-03-02 10:00,5"),
    }
    run(**files)
    events = Event.objects.count()

    again = run(**files)

    assert counts(again, "customers") == (0, 0, 2, 0)
    assert counts(again, "orders") == counts(again, "feedback") == (0, 0, 1, 0)
    assert again.changed == 0
    assert Event.objects.count() == events


def test_a_changed_row_is_updated_and_keeps_what_its_file_does_not_say(run: Import, write: Write) -> None:
    run(customers=write("c.csv", "customer_id,name,city", "c1,Grace,Leeds", "c2,Paul,York"))
    Customer.objects.filter(external_id="c1").update(note="Prefers mornings")

    report = run(customers=write("c2.csv", "customer_id,name", "c1,Grace Okafor", "c2,Paul"))

    assert counts(report, "customers") == (0, 1, 1, 0)
    grace = Customer.objects.get(external_id="c1")
    assert (grace.name, grace.city, grace.note) == ("Grace Okafor", "Leeds", "Prefers mornings")


def test_a_date_that_was_wrong_is_taken_back(run: Import, write: Write) -> None:
    run(orders=write("o.csv", ORDERS, ONE_ORDER))

    run(orders=write("o.csv", ORDERS, "1042,c1,2026-02-27 10:30:00,49.50,2026-03-02,,Shipped"))

    assert Order.objects.get().delivered_at is None


def test_sources_do_not_mix(run: Import, write: Write) -> None:
    path = write("o.csv", ORDERS, ONE_ORDER)
    run(orders=path)
    run(orders=path, source="store")

    assert Order.objects.filter(external_id="1042").count() == Customer.objects.count() == 2


def test_orders_alone_make_their_customers_and_count_them(run: Import, write: Write) -> None:
    report = run(orders=write("o.csv", ORDERS, ONE_ORDER, ONE_ORDER.replace("1042", "1043")))

    assert counts(report, "customers") == (1, 0, 0, 0)
    assert counts(report, "orders") == (2, 0, 0, 0)


def test_a_second_row_with_the_same_id_is_known_or_rejected(run: Import, write: Write) -> None:
    report = run(orders=write("o.csv", ORDERS, ONE_ORDER, ONE_ORDER, ONE_ORDER.replace("49.50", "50.00")))

    assert counts(report, "orders") == (1, 0, 1, 1)
    assert Order.objects.get().total == Decimal("49.50")
    assert rejected(report)[0]["line"] == "4"
    assert "line 2 was taken" in rejected(report)[0]["reason"]


def test_orders_without_ids_are_told_apart_by_their_count(run: Import, write: Write) -> None:
    lines = [
        "customer_id,date,cds,amount",
        "1,1997-01-01,1,11.77",
        "1,1997-01-01,1,11.77",
        "1,1997-01-01,2,11.77",
    ]
    first, again = (run(orders=write("cd.csv", *lines)) for _ in range(2))

    assert counts(first, "orders") == (3, 0, 0, 0)
    assert counts(again, "orders") == (0, 0, 3, 0)
    assert {order.placed_at for order in Order.objects.all()} == {datetime(1997, 1, 1, 11, tzinfo=UTC)}


@pytest.mark.parametrize(
    "header",
    [
        "id,customer,date,amount",
        "Name,Email,Created at,Total",
        "order_number;customer_id;order_date;order_total",
        "number\tclient_id\tplaced_at\ttotal_paid",
    ],
)
def test_columns_are_known_by_many_names_and_delimiters(run: Import, write: Write, header: str) -> None:
    mark = next(mark for mark in ",;\t" if mark in header)
    report = run(orders=write("o.csv", header, mark.join(["1", "c1", "2026-01-05", "10.00"])))

    assert counts(report, "orders") == (1, 0, 0, 0)


def test_a_map_names_any_other_column(run: Import, write: Write) -> None:
    path = write("o.csv", "Bestellung,Kunde,Tag,Summe", '1,c1,05.01.2026,"1.234,50"')

    run(orders=path, maps=["order_id=Bestellung", "customer_id=Kunde", "date=Tag", "total=Summe"])

    assert Order.objects.get().total == Decimal("1234.50")


def test_gzip_and_byte_order_marks_are_read(run: Import, write: Write) -> None:
    report = run(orders=write("o.csv.gz", ORDERS, ONE_ORDER, encoding="utf-8-sig", packed=True))

    assert counts(report, "orders") == (1, 0, 0, 0)


def test_a_file_may_refuse_but_never_overturns_what_a_person_recorded(run: Import, write: Write) -> None:
    said_yes = write("c.csv", "customer_id,accepts_calls", "c1,yes")
    run(customers=said_yes)
    assert set(Permission.objects.values_list("channel", "state")) == {("phone", "given")}
    Permission.objects.update(state="refused", origin="said so on the phone")

    report = run(customers=said_yes)

    assert counts(report, "customers") == (0, 0, 1, 0)
    assert set(Permission.objects.values_list("state", flat=True)) == {"refused"}


def test_a_changed_permission_counts_as_an_update_and_leaves_its_events(run: Import, write: Write) -> None:
    run(customers=write("c.csv", "customer_id,phone_permission", "c1,given", "c2,given"))

    report = run(customers=write("c.csv", "customer_id,phone_permission", "c1,refused", "c2,given"))

    assert counts(report, "customers") == (0, 1, 1, 0)
    assert Permission.objects.filter(state="refused", customer__external_id="c1").count() == 2
    assert Event.objects.filter(verb="permission", from_status="given", to_status="refused").count() == 2


def test_an_unreadable_phone_or_mail_never_costs_the_customer(run: Import, write: Write) -> None:
    report = run(customers=write("c.csv", "customer_id,phone,email", "c1,call me,not an address"))

    assert counts(report, "customers") == (1, 0, 0, 0)
    assert sum(note.count for note in report.notes) == 2
    assert (Customer.objects.get().phone, Customer.objects.get().email) == ("", "")


def test_a_phone_too_short_for_its_country_is_left_out_and_noted(run: Import, write: Write) -> None:
    lines = ["customer_id,phone,country", "c1,12,DE", "c2,555 1234,US", "c3,+4912,", "c4,030 901820,DE"]
    report = run(customers=write("c.csv", *lines))

    assert [str(note) for note in report.notes] == [f"3 {PHONE_NOTE} (customers, lines 2, 3, 4)"]
    assert list(Customer.objects.order_by("pk").values_list("phone", flat=True)) == [
        "",
        "",
        "",
        "+4930901820",
    ]


def test_notes_name_the_first_lines_of_rows_that_were_taken(run: Import, write: Write) -> None:
    bad = [f"c{number},nobody,UTC" for number in range(1, 8)]
    report = run(
        customers=write(
            "c.csv",
            "customer_id,email,time_zone",
            bad[0],
            ",nobody,UTC",  # rejected: what it lacks is its reason
            'c0,a@example.com,"UT',
            'C"',
            *bad[1:],
            bad[0],  # the same row once more
            "c1,nobody,Europe/Berlin",  # rejected: another row of that id was taken
        ),
        orders=write("o.csv", ORDERS, ONE_ORDER),
        feedback=write("f.csv", "id,order_id,received_at,url", "f1,1042,2026-03-02,not a link"),
    )

    assert [str(note) for note in report.notes] == [
        f"7 {EMAIL_NOTE} (customers, lines 2, 6, 7, 8, 9 and 2 more)",
        f"1 {ZONE_NOTE} (customers, line 4)",
        f"1 {URL_NOTE} (feedback, line 2)",
    ]


def test_cancelled_by_the_customer_is_told_from_cancelled_by_us(run: Import, write: Write) -> None:
    run(
        orders=write(
            "o.csv",
            "order_id,customer_id,placed_at,total,status,cancel_reason",
            "1,c1,2026-01-01,10.00,CANCELLED,customer",
            "2,c1,2026-01-01,10.00,Cancelled,inventory",
        )
    )

    told = dict(Order.objects.values_list("external_id", "cancelled_by_customer"))
    assert told == {"1": True, "2": False}
    assert Order.objects.filter(is_void=True).count() == 2


def test_feedback_needs_an_order_and_a_customer_that_are_known(run: Import, write: Write) -> None:
    header = "feedback_id,order_id,customer_id,received_at,score"
    report = run(
        orders=write("o.csv", ORDERS, ONE_ORDER, ONE_ORDER.replace("1042,c1", "1043,c2")),
        feedback=write(
            "f.csv",
            header,
            "f1,1042,c1,2026-03-01,5",
            "f1,1043,c2,2026-03-01,5",
            "f2,9999,c1,2026-03-01,5",
            "f3,,c9,2026-03-01,5",
            "f4,1042,c2,2026-03-01,5",
            "f5,,,2026-03-01,5",
            "f6,,c2,2026-03-01,6",
        ),
    )

    assert counts(report, "feedback") == (2, 0, 0, 5)
    assert [row["line"] for row in rejected(report)] == ["8", "4", "5", "6", "7"]
    assert set(FeedbackItem.objects.values_list("external_id", flat=True)) == {"f1:1042", "f1:1043"}


def test_the_first_import_sets_the_shop_and_a_later_one_may_not(run: Import, write: Write) -> None:
    Shop.objects.all().delete()
    path = write("o.csv", ORDERS, ONE_ORDER)
    run(orders=path)

    shop = Shop.current()
    assert (shop.time_zone, shop.currency, shop.country) == ("Europe/Berlin", "EUR", "DE")
    with pytest.raises(UnusableFile, match="currency is EUR"):
        run(orders=path, currency="USD")
    with pytest.raises(UnusableFile, match="time zone is Europe/Berlin"):
        run(orders=path, time_zone="Asia/Tokyo")


def test_a_file_in_another_currency_is_refused_and_changes_nothing(run: Import, write: Write) -> None:
    path = write("o.csv", "id,customer,date,total,currency", "1,c1,2026-01-01,10.00,USD")

    with pytest.raises(UnusableFile, match="USD"):
        run(orders=path)

    assert not Customer.objects.exists()
    assert Shop.current().configured_at is None


def test_a_row_in_another_currency_or_none_is_rejected(run: Import, write: Write) -> None:
    report = run(
        orders=write(
            "o.csv",
            "id,customer,date,total,currency",
            *("1,c1,2026-01-01,10.00,eur", "2,c1,2026-01-01,10.00,USD", "3,c1,2026-01-01,10.00,"),
        )
    )

    assert counts(report, "orders") == (1, 0, 0, 2)


def test_orders_without_any_currency_are_asked_for_it(run: Import, write: Write) -> None:
    with pytest.raises(UnusableFile, match="--currency"):
        run(orders=write("o.csv", ORDERS, ONE_ORDER), currency="")


def test_beside_the_demo_shop_nothing_is_imported(run: Import, write: Write) -> None:
    shop = Shop.current()
    shop.demo_seed = 7
    shop.save(update_fields=["demo_seed"])

    with pytest.raises(UnusableFile, match="demo --remove"):
        run(orders=write("o.csv", ORDERS, ONE_ORDER))

    assert not Order.objects.exists()


def test_the_command_prints_its_counts_as_json(db: None, write: Write) -> None:
    out = StringIO()
    path = write("o.csv", ORDERS, ONE_ORDER)

    call_command("import_shop", source="web", orders=path, currency="EUR", json=True, stdout=out)

    printed = json.loads(out.getvalue())
    assert set(printed) == {"customers", "orders", "feedback", "rejects_file", "seconds"}
    assert printed["orders"] == {"read": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": 0}
    assert printed["rejects_file"] is None


def test_the_command_tells_which_lines_lack_something(db: None, write: Write) -> None:
    out, aside = StringIO(), StringIO()
    path = write("c.csv", "customer_id,email", "c1,grace@example.com", "c2,nobody", "c3,no one")

    call_command("import_shop", source="web", customers=path, json=True, stdout=out, stderr=aside)

    assert aside.getvalue() == f"2 {EMAIL_NOTE} (customers, lines 3, 4).\n"
    assert "notes" not in json.loads(out.getvalue())


def test_the_command_says_that_nothing_changed(db: None, write: Write) -> None:
    out = StringIO()
    path = write("o.csv", ORDERS, ONE_ORDER)
    for _ in range(2):
        call_command("import_shop", source="web", orders=path, currency="EUR", stdout=out)

    assert "Nothing changed" in out.getvalue()


def test_the_command_refuses_plainly(db: None, write: Write) -> None:
    with pytest.raises(CommandError, match="no column for placed_at"):
        call_command("import_shop", source="web", orders=write("o.csv", "id,customer,total", "1,c1,1"))
    with pytest.raises(CommandError, match="at least one file"):
        call_command("import_shop", source="web")


@pytest.mark.parametrize("name", ["carrier", "Shipping Carrier", "tracking_company", "carrier_name"])
def test_an_order_knows_its_carrier(run: Import, write: Write, name: str) -> None:
    order = "1042,c1,2026-02-27 10:30:00,49.50,Postbird"
    run(orders=write("o.csv", f"order_id,customer_id,placed_at,total,{name}", order))
    assert Order.objects.get().carrier == "Postbird"


@pytest.mark.parametrize("name", ["street", "Address", "address_line_1", "Shipping Address1"])
def test_a_customer_has_a_street(run: Import, write: Write, name: str) -> None:
    run(customers=write("c.csv", f"customer_id,{name},city", "c1,Elm Row 4,Leeds"))
    customer = Customer.objects.get()
    assert (customer.street, customer.city) == ("Elm Row 4", "Leeds")


def test_the_day_of_shipping_is_not_taken_for_a_carrier(run: Import, write: Write) -> None:
    order = "1042,c1,2026-02-27 10:30:00,49.50,2026-02-28 09:00:00"
    run(orders=write("o.csv", "order_id,customer_id,placed_at,total,shipped_at", order))
    found = Order.objects.get()
    assert found.carrier == ""
    assert found.handed_to_carrier_at
