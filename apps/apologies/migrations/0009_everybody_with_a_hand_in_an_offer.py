"""Who had a hand in an offer, and who decided for a cause: as far as rows and log tell of what is there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def fill(apps, editor):
    offers, causes = apps.get_model("apologies", "Offer"), apps.get_model("apologies", "Cause")
    event, now = apps.get_model("core", "Event"), timezone.now()
    last = 0
    while chunk := list(offers.objects.filter(pk__gt=last).order_by("pk")[:1000]):
        last = chunk[-1].pk
        for offer in chunk:
            offer.authors = f",{offer.proposed_by_id}," if offer.proposed_by_id else ""
        offers.objects.bulk_update([offer for offer in chunk if offer.authors], ["authors"])
        event.objects.bulk_create(
            event(
                at=now,
                subject="apologies.offer",
                subject_id=offer.pk,
                verb="baseline",
                data={"set": {"authors": offer.authors}},
            )
            for offer in chunk
        )
    for cause in causes.objects.exclude(amount=None):
        said = event.objects.filter(subject="apologies.cause", subject_id=cause.pk, verb="decided")
        decided = said.order_by("-pk").first()
        if decided:
            causes.objects.filter(pk=cause.pk).update(
                decided_by=decided.actor_id, departure=decided.reason[:200]
            )


class Migration(migrations.Migration):
    dependencies = [
        ("apologies", "0008_lists_of_offers_decide"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="cause",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="cause",
            name="departure",
            field=models.CharField(
                blank=True, help_text="Why it is more or less than suggested", max_length=200
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="authors",
            field=models.TextField(
                blank=True, help_text="Keys of whose words or sums stand in it, as ,3,17,"
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                condition=models.Q(("authors__gt", ""), ("status__in", ["proposed", "seconding"])),
                fields=["due_at", "id"],
                name="offer_by_people",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
