from apps.campaigns.models import Campaign
from apps.campaigns.placeholders import fill, unknown_placeholders


def test_facts_take_the_place_of_their_names() -> None:
    assert (
        fill("Hello {first_name}, order {order}", {"first_name": "Ana", "order": 7}) == "Hello Ana, order 7"
    )


def test_an_unknown_fact_reads_as_a_sentence_still() -> None:
    assert fill("Hello {first_name}.", {"first_name": ""}) == "Hello there."


def test_nothing_but_names_is_looked_up() -> None:
    text = "{first_name.__class__} {0} {order!r} {secret}"
    assert fill(text, {"secret": "x", "first_name": "Ana", "order": 1}) == text
    assert unknown_placeholders(text) == ["first_name.__class__", "0", "order!r", "secret"]


def test_what_a_customer_wrote_is_not_filled_again() -> None:
    assert fill("{items}", {"items": "{rep}", "rep": "Ana"}) == "{rep}"


def test_a_brace_alone_is_told() -> None:
    assert unknown_placeholders("Hello {first_name") == ["{"]


def test_the_shipped_scripts_hold_only_known_placeholders() -> None:
    for campaign in Campaign.objects.all():
        text = f"{campaign.goal}\n{campaign.opening_line}\n{campaign.talk_points}\n{campaign.gestures}"
        assert unknown_placeholders(text) == []
