"""The Celery application. Its tasks are thin: they take ids, fetch and call one service."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carecrm.settings")

TRANSPORT_ALIASES["djangodb"] = "apps.core.broker.transport:Transport"

app = Celery("carecrm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
