"""An apology that is owed to Grace Okafor, and its task."""

from datetime import datetime

import pytest
from django.utils import timezone

from apps.accounts.models import Team
from apps.apologies.models import Incident
from apps.worklist.models import CareTask
from tests import factories
from tests.apologies.conftest import owe


@pytest.fixture
def at() -> datetime:
    """Pages read the clock."""
    return timezone.now()


@pytest.fixture
def incident(team: Team) -> Incident:
    return factories.make_incident(factories.make_customer(name="Grace Okafor", city="Belfast"))


@pytest.fixture
def task(incident: Incident, team: Team) -> CareTask:
    return owe(incident, team=team)
