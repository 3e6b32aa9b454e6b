"""Every page is private, and each is for the roles that it says: walked from the URL conf."""

import pytest
from django.db import transaction
from django.test import Client

from apps.accounts.models import Role, User
from tests.pages import EVERYONE, ONLY, POSTS, PUBLIC, Page, every_page, sample_rows

PAGES = every_page()
REFUSED = {403, 404, 405}


@pytest.fixture
def cast(rep: User, manager: User, marketer: User, admin: User) -> dict[str, User]:
    return {Role.REP: rep, Role.MANAGER: manager, Role.MARKETER: marketer, Role.ADMIN: admin}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_sees_a_page_without_signing_in(client: Client, cast: dict[str, User], method: str) -> None:
    rows = sample_rows(cast)
    open_to_all = set()
    for page in PAGES:
        answer = getattr(client, method)(page.url(rows))
        if answer.status_code != 302 or not answer["Location"].startswith("/sign-in/?next="):
            open_to_all.add(page.name)
    assert open_to_all <= PUBLIC | {"account_logout"}


def test_nobody_sees_the_back_office_without_signing_in(client: Client, db: None) -> None:
    for address in ("/admin/", "/admin/django_celery_beat/periodictask/", "/admin/nothing/"):
        assert client.get(address).status_code == 302
        assert client.get(address, follow=True).request["PATH_INFO"] == "/sign-in/"


def test_the_table_of_roles_names_pages_that_exist() -> None:
    assert set(ONLY) <= {page.name for page in PAGES}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.REP, Role.MANAGER, Role.MARKETER])
def test_a_page_is_refused_to_other_roles(client: Client, cast: dict[str, User], role: str) -> None:
    rows = sample_rows(cast)
    client.force_login(cast[role])
    let_in = {page.name for page in PAGES if role not in page.may and _gets_in(client, page, rows)}
    assert let_in == set()


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_a_page_opens_for_its_roles(client: Client, cast: dict[str, User], role: str) -> None:
    """Reading only: a page that takes a post answers 405, one that a role may not see is in the table."""
    rows = sample_rows(cast)
    client.force_login(cast[role])
    pages = [page for page in PAGES if role in page.may and page.name not in PUBLIC]
    broken = {page.name: client.get(page.url(rows)).status_code for page in pages}
    assert {name: code for name, code in broken.items() if code not in {200, 302, 404, 405}} == {}


def _gets_in(client: Client, page: Page, rows: dict[str, int]) -> bool:
    with transaction.atomic():
        codes = {client.get(page.url(rows)).status_code, client.post(page.url(rows)).status_code}
        transaction.set_rollback(True)
    return not codes <= REFUSED


def test_some_pages_are_for_everybody() -> None:
    assert any(page.may == EVERYONE for page in PAGES)


@pytest.mark.django_db
def test_what_changes_something_takes_a_post_only(client: Client, cast: dict[str, User]) -> None:
    rows = sample_rows(cast)
    client.force_login(cast[Role.ADMIN])
    by_get = {
        page.name for page in PAGES if page.name in POSTS and client.get(page.url(rows)).status_code != 405
    }
    assert by_get == set()
    assert {page.name for page in PAGES} >= POSTS
