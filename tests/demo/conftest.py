from collections.abc import Callable
from datetime import datetime

import pytest

from apps.accounts.models import Shop
from apps.campaigns.models import Campaign
from apps.campaigns.registry import plays
from apps.demo.loading import Demo, load_demo

from ..factories import NOW

Load = Callable[..., Demo]


@pytest.fixture
def load(db: None) -> Load:
    """Makes a small demo shop with one week of work; keywords override."""

    def make(*, customers: int = 200, seed: int = 1, now: datetime = NOW, weeks: int = 1) -> Demo:
        return load_demo(
            customers=customers, seed=seed, now=now, progress=lambda done, days: None, weeks=weeks
        )

    Shop.current()
    assert Campaign.objects.count() == len(plays())
    return make
