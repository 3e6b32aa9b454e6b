"""Words about how somebody of ours treated a customer stay private, whatever kind took the place of rude."""

from django.db import migrations, models
from django.db.models import Q


def mark(apps, editor):
    incidents, events = apps.get_model("apologies", "Incident"), apps.get_model("core", "Event")
    was_rude = Q(data__kind="rude") | Q(data__was="rude")
    told = events.objects.filter(was_rude, subject="apologies.incident").values("subject_id")
    incidents.objects.filter(Q(kind="rude") | Q(pk__in=told)).update(tells_of_treatment=True)


class Migration(migrations.Migration):
    dependencies = [
        ("apologies", "0009_everybody_with_a_hand_in_an_offer"),
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="tells_of_treatment",
            field=models.BooleanField(
                default=False,
                help_text="Its words tell how we treated them, whatever its kind is by now",
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop, elidable=True),
    ]
