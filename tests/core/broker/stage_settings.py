"""Settings of the real workers that tests start: the product's, on a database and queue of their own."""

import json
import os

from carecrm.settings import *  # noqa: F403

CELERY_BROKER_TRANSPORT_OPTIONS = json.loads(os.environ["STAGE_TRANSPORT_OPTIONS"])
CELERY_TASK_DEFAULT_QUEUE = os.environ["STAGE_QUEUE"]
CELERY_IMPORTS = ["tests.core.broker.stage_jobs"]
