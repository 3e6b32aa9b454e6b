"""The figures that the checker must reach on drafts that it was not fitted to."""

import pytest

from .figures import Figures
from .labelled import development_messages, drafts_of
from .real_replies import real_replies
from .report import DOCUMENT, report


def test_the_development_messages() -> None:
    figures = Figures(development_messages())
    assert figures.precision.value >= 0.90
    assert figures.recall.value >= 0.80
    assert figures.false_alarms.value <= 0.05, figures.false_alarm_drafts()


def test_the_drafts_held_out() -> None:
    figures = Figures(drafts_of("held_out"))
    assert figures.precision.value >= 0.85
    assert figures.ordinary_recall.value >= 0.60
    assert figures.hard_recall.value >= 0.35
    assert figures.false_alarms.value <= 0.05, figures.false_alarm_drafts()


@pytest.mark.real_data
def test_real_replies_raise_few_false_alarms() -> None:
    replies = real_replies()
    if not replies:
        pytest.skip("the real replies are not at hand")
    assert Figures(replies).false_alarms.value <= 0.03


def test_the_document_tells_what_is_measured() -> None:
    assert report() in DOCUMENT.read_text(encoding="utf-8"), "python -m tests.language.report --write"
