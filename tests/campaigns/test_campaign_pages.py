import pytest
from django.test import Client

from apps.accounts.models import User
from apps.campaigns.models import Campaign, Enrollment
from apps.core.models import Event
from tests.factories import make_customer, make_feedback


@pytest.fixture
def campaign() -> Campaign:
    make_feedback(make_customer(external_id="c7", name="Maria Souza"), external_id="f")
    return Campaign.objects.get(play="feedback_reply")


def settings_of(campaign: Campaign, **changes: object) -> dict[str, object]:
    return {
        "backfill": "days",
        "backfill_days": 30,
        "minutes_per_task": 6,
        "opening_line": "Dear {first_name},",
        **changes,
    }


def url(campaign: Campaign, end: str = "") -> str:
    return f"/campaigns/{campaign.pk}/{end}"


def test_the_list_tells_what_is_on(client: Client, marketer: User, campaign: Campaign) -> None:
    client.force_login(marketer)
    assert b"No campaign is on" in client.get("/campaigns/").content
    Campaign.objects.filter(pk=campaign.pk).update(is_on=True)
    assert b"1 of 4 campaigns is on" in client.get("/campaigns/").content


def test_the_preview_shows_the_number_before_it_is_on_and_writes_nothing(
    client: Client, marketer: User, campaign: Campaign
) -> None:
    client.force_login(marketer)
    page = client.get(url(campaign))
    assert b"1 reply would be written" in page.content
    assert b"Maria Souza" in page.content
    assert not Enrollment.objects.exists()


def test_why_not_answers_for_one_customer(client: Client, marketer: User, campaign: Campaign) -> None:
    client.force_login(marketer)
    Campaign.objects.update(backfill="none")
    answer = client.get(url(campaign), {"who": "c7"}).context["preview"].answer
    assert answer.name == "Maria Souza"
    assert "before the start" in answer.text
    make_customer(external_id="c8")
    assert "is no candidate" in client.get(url(campaign), {"who": "c8"}).context["preview"].answer.text
    assert "No customer has" in client.get(url(campaign), {"who": "nobody"}).context["preview"].answer.text


def test_the_list_can_be_taken_along(client: Client, marketer: User, campaign: Campaign) -> None:
    client.force_login(marketer)
    make_feedback(make_customer(external_id="c9", name="=1+1"), external_id="g")
    page = b"".join(client.get(url(campaign, "list.csv"))).decode()  # type: ignore[arg-type]
    assert "c7,Maria Souza,feedback:f,In" in page
    assert "c9,'=1+1,feedback:g,In" in page
    held = b"".join(client.get(url(campaign, "list.csv"), {"outcome": "before_start"})).decode()  # type: ignore[arg-type]
    assert len(held.splitlines()) == 1


def test_switching_on_and_off_is_told_in_the_log(client: Client, manager: User, campaign: Campaign) -> None:
    client.force_login(manager)
    assert client.post(url(campaign, "on/")).status_code == 302
    campaign.refresh_from_db()
    assert campaign.is_on
    assert campaign.starts_at is not None
    client.post(url(campaign, "off/"))
    campaign.refresh_from_db()
    assert not campaign.is_on
    verbs = Event.objects.filter(subject="campaigns.campaign", actor=manager).values_list("verb", flat=True)
    assert list(verbs) == ["switched on", "switched off"]


def test_settings_are_saved_in_the_shops_zone(client: Client, marketer: User, campaign: Campaign) -> None:
    """Berlin: the cast brings its own shop."""
    client.force_login(marketer)
    client.post(url(campaign, "settings/"), settings_of(campaign, starts_at="2026-03-01T09:00"))
    campaign.refresh_from_db()
    assert campaign.starts_at is not None
    assert campaign.starts_at.isoformat() == "2026-03-01T08:00:00+00:00"
    assert (campaign.backfill, campaign.backfill_days) == ("days", 30)


def test_an_unknown_placeholder_is_refused_with_those_that_are(
    client: Client, marketer: User, campaign: Campaign
) -> None:
    client.force_login(marketer)
    page = client.post(url(campaign, "settings/"), settings_of(campaign, opening_line="Dear {surname},"))
    assert b"surname is no placeholder" in page.content
    campaign.refresh_from_db()
    assert "surname" not in campaign.opening_line


def test_a_rep_sees_and_changes_nothing(client: Client, rep: User, campaign: Campaign) -> None:
    client.force_login(rep)
    assert client.get("/campaigns/").status_code == 403
    for end in ("", "settings/", "list.csv"):
        assert client.get(url(campaign, end)).status_code == 403
    assert client.post(url(campaign, "on/")).status_code == 403
    assert not Campaign.objects.filter(is_on=True).exists()


def test_switches_want_a_post(client: Client, marketer: User, campaign: Campaign) -> None:
    client.force_login(marketer)
    assert client.get(url(campaign, "on/")).status_code == 405
    assert client.get(url(campaign, "off/")).status_code == 405


def test_queries_of_the_preview_do_not_grow_with_its_customers(
    client: Client, marketer: User, campaign: Campaign, django_assert_max_num_queries: object
) -> None:
    client.force_login(marketer)
    for n in range(30):
        make_feedback(make_customer(), external_id=f"more{n}")
    client.get(url(campaign))
    with django_assert_max_num_queries(26):  # type: ignore[operator]
        client.get(url(campaign))
