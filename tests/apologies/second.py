"""Offers that need two approvals, for tests: above an amount, as `second_needed` says of its limits."""

from decimal import Decimal

import pytest

from apps.apologies.models import Offer

WHY = "More than €5.00 needs two people"


def ask_for_two(monkeypatch: pytest.MonkeyPatch, above: Decimal = Decimal(5)) -> None:
    def second_needed(offer: Offer, **_: object) -> str:
        return WHY if offer.amount > above else ""

    monkeypatch.setattr("apps.apologies.services.decisions.second_needed", second_needed)


class Till:
    """What was set aside and given back, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moves: list[tuple[str, Decimal]] = []
        for module in ("decisions", "refresh"):
            monkeypatch.setattr(f"apps.apologies.services.{module}.commit_money", self.commit)
        monkeypatch.setattr("apps.apologies.services.voiding.release_money", self.release)

    def commit(self, offer: Offer, **_: object) -> None:
        self.moves.append(("committed", offer.amount))

    def release(self, offer: Offer, **_: object) -> None:
        self.moves.append(("released", offer.amount))
