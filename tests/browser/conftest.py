"""Chromium for tests: one browser a session, one page for a person, in a width and a theme.

`page_for(user, width=1280, theme="light")` gives a signed-in page whose base URL is the live server. A page
that logs a console error fails its test. Without a Chromium the tests are skipped and say how to get it.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's sync API runs an event loop

HOW_TO_GET_IT = (
    "no Chromium: `apt-get install chromium`, or `.venv/bin/playwright install chromium`, "
    "or name one with CARECRM_CHROMIUM"
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
PHONE = 768  # narrower windows are phones: touch, and two pixels for one
BROKEN_OFF = ("htmx:sendAbort", "htmx:afterRequest")


class PageFor(Protocol):
    def __call__(self, user: User | None, width: int = ..., theme: str = ..., **options: Any) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


def chromium() -> str | None:
    """The Chromium to drive: named, on the path, or Playwright's own."""
    named = os.environ.get("CARECRM_CHROMIUM")
    return (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = chromium() or playwright.chromium.executable_path
        if not os.path.exists(path):  # noqa: PTH110
            pytest.skip(HOW_TO_GET_IT)
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def page_for(browser: Browser, live_server: LiveServer) -> Iterator[PageFor]:
    """A page for this person (None is nobody). Console errors and failed scripts fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(user: User | None, width: int = 1280, theme: str = "light", **options: Any) -> Page:
        phone, expect_errors = width < PHONE, options.pop("expect_errors", False)
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": options.pop("height", 760 if phone else 860)},
            color_scheme="dark" if theme == "dark" else "light",
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        if user:
            sign_in(context, user, live_server.url)
        page = context.new_page()
        if not expect_errors:
            page.on("console", lambda message: errors.extend(_error(message)))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


def _error(message: ConsoleMessage) -> list[str]:
    """What the page logs as an error, but for a search that a closing page breaks off.

    A request that fails for another reason is logged by htmx under other names, and by the browser.
    """
    if message.type != "error" or message.text.startswith(BROKEN_OFF):
        return []
    return [f"{message.text} at {message.location}"]


def sign_in(context: BrowserContext, user: User, url: str) -> None:
    """A session as `force_login` makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": url}
    context.add_cookies([cookie])  # type: ignore[list-item]
