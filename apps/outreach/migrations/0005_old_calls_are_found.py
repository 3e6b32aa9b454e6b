from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0004_mails_that_were_in_doubt"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="webhookcall",
            index=models.Index(
                condition=models.Q(("read_at__isnull", False)), fields=["received_at"], name="webhook_read"
            ),
        ),
    ]
