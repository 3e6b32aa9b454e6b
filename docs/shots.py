"""Takes the pictures in docs/images: the demo shop on a Wednesday morning, each screen as its role sees it.

    python docs/shots.py [--all FOLDER] [--data FOLDER] [--customers N]

`--data` keeps the demo shop in a folder, for the next time. `--all` also takes each screen dark and on a
phone, into that folder, for looking at. The product runs in this process on a folder of its own, with its
clock set, so that the same pictures come out every time.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

import time_machine
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
MOMENT = datetime(2026, 3, 4, 15, 40, tzinfo=UTC)  # Wednesday 16:40 in Berlin, 10:40 in New York
SIZES = {"": (1280, 860, "light"), "-dark": (1280, 860, "dark"), "-360": (360, 740, "light")}


@dataclass(frozen=True)
class Shot:
    """One screen: its file name, whose screen it is, its address, and what is pressed before the picture."""

    name: str
    role: str
    path: str
    press: str = ""


SHOTS = [
    Shot("today", "rep", "/"),
    Shot("call", "rep", "/", press=".btn-primary.btn-big"),
    Shot("approvals", "manager", "/approvals/", press=".row-link"),
    Shot("second_approval", "manager", "/approvals/{second}/"),
    Shot("cause", "manager", "/causes/{cause}/"),
    Shot("failure_cost", "marketer", "/reports/failures/"),
    Shot("mails", "rep", "/mails/"),
    Shot("campaign", "marketer", "/campaigns/{welcome}/"),
    Shot("shift", "marketer", "/shift/"),
    Shot("feedback", "manager", "/feedback/", press=".row-link"),
    Shot("customer", "manager", "/customers/{customer}/"),
]


def main() -> None:
    arguments = read_arguments()
    folder = arguments.data or Path(tempfile.mkdtemp(prefix="carecrm-shots-"))
    os.environ |= {"CARECRM_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "carecrm.settings"}
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's sync API runs an event loop
    os.environ.pop("DATABASE_URL", None)
    sys.path.insert(0, str(ROOT))
    try:
        with time_machine.travel(MOMENT, tick=True):
            keys = prepare(folder, arguments.customers)
            with served() as address, chromium() as browser:
                take_all(browser, address, keys, sign_ins(folder), arguments.all)
    finally:
        if not arguments.data:
            shutil.rmtree(folder, ignore_errors=True)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    parser.add_argument("--data", type=Path, metavar="FOLDER")
    parser.add_argument("--customers", type=int, default=2000)
    return parser.parse_args()


def prepare(folder: Path, customers: int) -> dict[str, int]:
    """Migrate, load the demo shop, run the pass of this minute; gives the keys that addresses need."""
    import django

    django.setup()
    from django.core.management import call_command

    from apps.apologies.models import Cause, Offer
    from apps.campaigns.engine import run_pass
    from apps.campaigns.models import Campaign
    from apps.customers.models import Customer
    from apps.worklist.services import sweep
    from apps.worklist.services.sweep import return_leases

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not (folder / "sign_ins.txt").exists():
        call_command("demo", customers=customers)
        sweep(now=datetime.now(UTC))
        run_pass(at=datetime.now(UTC))
    return_leases(now=datetime.now(UTC) + timedelta(hours=1))  # held by the pictures of last time
    show_before_it_is_on("welcome")
    told = Customer.objects.filter(incidents__offers__status="delivered").order_by("-vip_since", "pk").first()
    return {
        **dict(Campaign.objects.values_list("play", "pk")),
        "customer": told.pk if told else 1,
        "second": Offer.objects.filter(status="seconding").values_list("pk", flat=True).first() or 1,
        "cause": Cause.objects.values_list("pk", flat=True).first() or 1,
    }


def show_before_it_is_on(play: str) -> None:
    """One campaign as it stands before its first day, so that its preview has a number."""
    from apps.campaigns.models import Campaign, Enrollment
    from apps.worklist.models import CareTask

    CareTask.objects.filter(play=play, attempts_made=0).delete()
    Enrollment.objects.filter(play=play).delete()
    Campaign.objects.filter(play=play).update(is_on=False, starts_at=None, backfill="days", backfill_days=14)


def sign_ins(folder: Path) -> dict[str, tuple[str, str]]:
    """The first e-mail and password of each role."""
    found: dict[str, tuple[str, str]] = {}
    for role, email, password in re.findall(
        r"^(\w+) +(\S+@\S+) +(\S+)$", (folder / "sign_ins.txt").read_text(), re.M
    ):
        found.setdefault(role, (email, password))
    return found


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def served() -> Iterator[str]:
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.core.wsgi import get_wsgi_application

    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CARECRM_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def take_all(
    browser: Browser,
    address: str,
    keys: dict[str, int],
    people: dict[str, tuple[str, str]],
    extra: Path | None,
) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    for ending, (width, height, theme) in SIZES.items():
        folder = extra if ending else IMAGES
        if folder is None:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        for role, sign_in in people.items():
            shots = [shot for shot in SHOTS if shot.role == role]
            if shots:
                page = signed_in(browser, address, sign_in, (width, height, theme))
                for shot in shots:
                    take(page, shot, keys, folder / f"{shot.name}{ending}.png")
                page.context.close()


def signed_in(browser: Browser, address: str, sign_in: tuple[str, str], size: tuple[int, int, str]) -> Page:
    width, height, theme = size
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        has_touch=width < 768,
    )
    page = context.new_page()
    page.clock.install(time=datetime.now(UTC))
    page.goto("/sign-in/")
    page.fill("[name=login]", sign_in[0])
    page.fill("[name=password]", sign_in[1])
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/$"))
    return page


def take(page: Page, shot: Shot, keys: dict[str, int], path: Path) -> None:
    page.goto(shot.path.format(**keys))
    if shot.press:
        page.locator(shot.press).first.click()
        page.wait_for_load_state("networkidle")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path)
    print(path)


if __name__ == "__main__":
    main()
