"""Every page, as the plainest role that may open it: wide and on a phone, in light and dark."""

import pytest
from django.test import override_settings
from playwright.sync_api import Page as Window

from apps.accounts.models import Role, User
from tests import factories
from tests.pages import PUBLIC, Page, pages_to_look_at, sample_rows

from .conftest import PageFor
from .looking import findings, sideways, small_targets

WIDTHS = (1280, 360)
NARROWEST = 320
# Colours change in 120 ms: axe looks when two frames are drawn and every transition has ended
SETTLED = """() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    .then(() => Promise.allSettled(document.getAnimations().map(each => each.finished)))"""


@pytest.fixture
def cast(transactional_db: None) -> dict[str, User]:
    factories.make_shop()
    team = factories.make_team()
    return {role: factories.make_user(Role(role), team=team) for role in Role.values}


@pytest.mark.parametrize("page", pages_to_look_at(), ids=lambda page: page.name)
def test_a_page_is_fit_to_use(page: Page, cast: dict[str, User], page_for: PageFor) -> None:
    url = page.url(sample_rows(cast))
    viewer = None if page.name in PUBLIC else cast[page.default_role]
    faults = []
    for width in WIDTHS:
        window = page_for(viewer, width=width)
        answer = window.goto(url)
        assert answer
        assert answer.status == 200, f"{url} answers {answer.status}"
        faults += [f"{width}: {fault}" for fault in faults_of(window, width)]
        window.emulate_media(color_scheme="dark", reduced_motion="reduce")
        window.evaluate(SETTLED)
        faults += [f"{width} dark: {fault}" for fault in findings(window, in_the_dark=True)]
    window.set_viewport_size({"width": NARROWEST, "height": 640})
    faults += [f"{NARROWEST}: {sideways(window)} px sideways"] if sideways(window) > 0 else []
    assert faults == []


def faults_of(window: Window, width: int) -> list[str]:
    faults = findings(window)
    if sideways(window) > 0:
        faults.append(f"{sideways(window)} px sideways")
    return [*faults, *(f"too small: {target}" for target in small_targets(window, width))]


@override_settings(DEBUG=False)
def test_a_page_that_is_not_there_is_fit_to_use(cast: dict[str, User], page_for: PageFor) -> None:
    window = page_for(cast[Role.REP], expect_errors=True)
    answer = window.goto("/nowhere/")
    assert answer
    assert answer.status == 404
    assert faults_of(window, 1280) == []
