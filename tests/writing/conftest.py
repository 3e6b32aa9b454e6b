"""A reply that waits, and what its writer sees of the checker."""

from collections.abc import Callable, Iterator
from html import unescape
from re import findall

import pytest

from apps.accounts.models import Shop
from apps.feedback.models import FeedbackItem
from apps.writing import checking
from tests import factories
from tests.caches import empty_cache

from . import fake_checker

PHRASE = "I'm trying to help"

Tokens = Callable[[str], list[str]]


@pytest.fixture(autouse=True)
def _nobody_is_remembered() -> Iterator[None]:
    """The colleagues' names are kept for minutes."""
    empty_cache()
    yield
    empty_cache()


@pytest.fixture(autouse=True)
def _one_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "check", fake_checker.check)


@pytest.fixture
def item(shop: Shop) -> FeedbackItem:
    return factories.make_feedback()


@pytest.fixture
def tokens() -> Tokens:
    """The findings' tokens on a page, in their order."""
    return lambda page: [unescape(token) for token in findall(r'data-token="([^"]+)"', page)]
