"""Several at once: each goes through its own approval, or stays with its reason."""

from datetime import datetime

import pytest

from apps.accounts.models import User
from apps.apologies.models import Offer
from apps.apologies.refusals import OverLimit
from apps.apologies.services import approve, approve_many
from tests import factories


@pytest.fixture
def offers(offer: Offer) -> list[Offer]:
    return [offer, factories.make_offer(), factories.make_offer(), factories.make_offer()]


def test_those_that_can_are_approved_and_the_others_say_why(
    offers: list[Offer], manager: User, second_manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine, own, stale, dear = offers
    Offer.objects.filter(pk=own.pk).update(proposed_by=manager)
    own.refresh_from_db()
    approve(Offer.objects.get(pk=stale.pk), by=second_manager, now=now, version=1)

    def check_limits(offer: Offer, **_: object) -> None:
        if offer.pk == dear.pk:
            raise OverLimit("At most €5.00 by your word.")

    monkeypatch.setattr("apps.apologies.services.decisions.check_limits", check_limits)
    result = approve_many([(offer, 1) for offer in offers], by=manager, now=now)
    assert result.done == [fine]
    assert [offer for offer, _ in result.left] == [own, stale, dear]
    words = [why for _, why in result.left]
    assert words[0].startswith("You proposed or changed this offer")
    assert words[1].startswith("Max Weber approved this")
    assert words[2] == "At most €5.00 by your word."
    statuses = Offer.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["approved", "proposed", "approved", "proposed"]


def test_what_was_refused_leaves_nothing_behind(
    offers: list[Offer], manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def commit_money(offer: Offer, **_: object) -> None:
        raise OverLimit("The budget is used up.")

    monkeypatch.setattr("apps.apologies.services.decisions.commit_money", commit_money)
    approve_many([(offer, 1) for offer in offers], by=manager, now=now)
    assert not Offer.objects.exclude(status="proposed").exists()
    assert not Offer.objects.exclude(approved_hash="").exists()
