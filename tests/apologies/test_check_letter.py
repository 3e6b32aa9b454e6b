"""What a manager is told about an offer's letter."""

from decimal import Decimal
from pathlib import Path

import pytest

from apps.apologies.checks import PROMISE, Check, checks_of
from apps.apologies.models import Incident, Offer
from apps.apologies.services.proposals import propose_missing_offers
from apps.language import Remedy
from apps.worklist.models import CareTask
from tests import factories

HALF = "Dear Grace, we apologise for any inconvenience. We promise that it will never happen again."


def by_name(offer: Offer, *given_before: Remedy) -> dict[str, Check]:
    return {check.name: check for check in checks_of(offer, given_before=given_before)}


def failing(offer: Offer, *given_before: Remedy) -> list[str]:
    return [name for name, check in by_name(offer, *given_before).items() if not check.holds]


def test_the_systems_own_letter_passes_every_check(task: CareTask, now) -> None:
    propose_missing_offers(now=now)
    offer = Offer.objects.get()
    offer.incident.customer.phone = "+49301234567"
    assert failing(offer) == []


def test_what_is_shown_comes_with_its_sentence(offer: Offer) -> None:
    offer.words = "Dear Grace, I am sorry. We lost your parcel. A coupon of €10.00 comes with this."
    checks = by_name(offer)
    assert checks["Owns the fault"].quote == "We lost your parcel."
    assert checks["Says sorry plainly"].quote == "Dear Grace, I am sorry."
    assert "€10.00" in checks["Says what is given, as in the offer"].quote


def test_what_is_missing_comes_first_and_says_what_to_do(offer: Offer) -> None:
    offer.words = HALF
    checks = checks_of(offer, given_before=[])
    assert [check.holds for check in checks] == sorted(check.holds for check in checks)
    assert checks[0].name == "Says sorry plainly"
    assert checks[0].note.startswith("Say sorry once, plainly")


def test_what_must_go_is_quoted(offer: Offer) -> None:
    offer.words = HALF
    checks = by_name(offer)
    assert checks["Says sorry without an if"].quote == "Dear Grace, we apologise for any inconvenience."
    assert checks["Promises nothing that is not done"].quote == "We promise that it will never happen again."


def test_defensive_words_are_quoted_with_why(offer: Offer) -> None:
    offer.words = "Dear Grace, we are trying to help you. It is our policy."
    check = by_name(offer)["Defends nobody"]
    assert not check.holds
    assert "trying" in check.quote
    assert check.note.endswith("And 1 more.")


def test_another_sum_or_gift_than_offered_is_told(offer: Offer) -> None:
    offer.words = "Dear Grace, we have sent you a refund of €30.00."
    note = by_name(offer)["Says what is given, as in the offer"].note
    assert "The letter says €30.00, the offer €10.00" in note
    assert "The letter says a refund, the offer a coupon" in note


def test_a_second_apology_holds_only_with_a_new_remedy(offer: Offer) -> None:
    offer.words = "Dear Grace, we are sorry. We have sent you a coupon of €10.00."
    name = "We apologised once in 12 months"
    assert not by_name(offer, Remedy("coupon", Decimal(10), "EUR"))[name].holds
    assert by_name(offer, Remedy("coupon", Decimal(5), "EUR"))[name].holds
    assert by_name(offer)["First apology in 12 months"].holds


def test_worse_incidents_need_more(offer: Offer) -> None:
    offer.words = "Dear Grace, we are sorry. We lost your parcel. We have sent you a coupon of €10.00."
    offer.incident.severity = "minor"
    assert "Says how it came about" not in failing(offer)
    offer.incident.severity = "serious"
    assert "Says how it came about" in failing(offer)


def test_a_teams_broken_file_of_signs_stops_no_page(offer: Offer, tmp_path: Path, settings, caplog) -> None:
    (tmp_path / "components").mkdir()
    (tmp_path / "components" / "ours.toml").write_text('component = "apology"')
    settings.LANGUAGE_FOLDERS = (tmp_path,)
    offer.words = "Dear Grace, I am sorry. We lost your parcel."
    assert by_name(offer)["Owns the fault"].holds
    assert "ours.toml" in caplog.text


@pytest.mark.parametrize("content", [b"\xff\xfe", b'component = "apology"\nway = 3', None])
def test_a_teams_file_of_no_shape_at_all_stops_no_page(
    offer: Offer, tmp_path: Path, settings, caplog, content: bytes | None
) -> None:
    ours = tmp_path / "components" / "ours.toml"
    ours.parent.mkdir()
    if content is None:
        ours.mkdir()
    else:
        ours.write_bytes(content)
    settings.LANGUAGE_FOLDERS = (tmp_path,)
    offer.words = "Dear Grace, I am sorry. We lost your parcel."
    assert by_name(offer)["Owns the fault"].holds
    assert "The team's signs are left out" in caplog.text
    assert "Grace" not in caplog.text


def test_what_has_changed_is_only_said_where_an_improvement_is_linked(offer: Offer) -> None:
    offer.words = "Dear Grace, I am sorry. We lost it. Two people now check each label."
    promise = by_name(offer)[PROMISE]
    assert not promise.holds
    assert promise.quote == "Two people now check each label."
    improvement = factories.make_improvement()
    offer.incident.cause = factories.make_cause(improvement=improvement)
    assert PROMISE not in by_name(offer)


def test_the_systems_letter_promises_nothing_by_itself(task: CareTask, now) -> None:
    Incident.objects.update(severity="serious")
    propose_missing_offers(now=now)
    assert PROMISE not in by_name(Offer.objects.get())
