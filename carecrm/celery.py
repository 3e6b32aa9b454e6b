"""The Celery application. Its tasks are thin: they take ids, fetch and call one service."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carecrm.settings")

app = Celery("carecrm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
