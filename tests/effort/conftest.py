"""The board keeps its figures for a while: each test begins without any."""

from collections.abc import Iterator

import pytest

from tests.caches import empty_cache


@pytest.fixture(autouse=True)
def no_kept_figures() -> Iterator[None]:
    empty_cache()
    yield
    empty_cache()
