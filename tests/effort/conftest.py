"""The board keeps its figures for a while: each test begins without any."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_kept_figures() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()
