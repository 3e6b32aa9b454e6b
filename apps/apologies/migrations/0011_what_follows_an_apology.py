"""What fails after an apology for an order has the order and its first incident as keys, not in its words."""

import re

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

NAMED = re.compile(r"Order (.{1,160}?), again: ")


def link(apps, editor):
    incidents, orders = apps.get_model("apologies", "Incident"), apps.get_model("customers", "Order")
    named = incidents.objects.filter(order=None, detail__startswith="Order ", detail__contains=", again: ")
    for later in named.order_by("pk"):
        found = NAMED.match(later.detail)
        order = found and orders.objects.filter(customer=later.customer_id, external_id=found[1]).first()
        first = order and incidents.objects.filter(order=order, follows=None).first()
        if first:
            later.order, later.follows = order, first
            told = later.detail.replace(found[0], "")
            later.detail = told[:1].upper() + told[1:]
            later.save(update_fields=["order", "follows", "detail"])


def begin_log(apps, editor):
    incidents, event = apps.get_model("apologies", "Incident"), apps.get_model("core", "Event")
    now, last = timezone.now(), 0
    while chunk := list(
        incidents.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "order", "follows")[:1000]
    ):
        last = chunk[-1][0]
        event.objects.bulk_create(
            event(
                at=now,
                subject="apologies.incident",
                subject_id=pk,
                verb="baseline",
                data={"set": {"order_id": order, "follows_id": follows}},
            )
            for pk, order, follows in chunk
        )


class Migration(migrations.Migration):
    dependencies = [
        ("apologies", "0010_words_that_tell_of_treatment"),
        ("core", "0001_initial"),
        ("customers", "0004_streets_and_carriers"),
    ]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                help_text="The order's incident, whose apology was heard before this one",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="followed_by",
                to="apologies.incident",
            ),
        ),
        migrations.AlterField(
            model_name="incident",
            name="order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="incidents",
                to="customers.order",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.UniqueConstraint(
                condition=models.Q(("follows", None)), fields=("order",), name="one_incident_per_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("follows", None), ("order__isnull", False), _connector="OR"),
                name="what_follows_is_of_an_order",
            ),
        ),
        migrations.RunPython(link, migrations.RunPython.noop),
        migrations.RunPython(begin_log, migrations.RunPython.noop),
    ]
