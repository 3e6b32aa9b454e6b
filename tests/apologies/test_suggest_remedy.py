"""The band that an apology's remedy comes from, and what leaving it asks for."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.apologies.amounts import most_allowed
from apps.apologies.departures import check_departure, departure_needed
from apps.apologies.models import CustomerEffort, Incident, Offer, Severity
from apps.apologies.models.incident import EFFORTS, RESPONSIBILITIES, SEVERITIES
from apps.apologies.refusals import Refused
from apps.apologies.remedies import RemedyFacts, band_for
from apps.apologies.services import propose_missing_offers
from apps.language import Remedy
from apps.worklist.models import CareTask
from tests import factories

TOTALS = st.one_of(st.none(), st.decimals(Decimal("0.05"), Decimal(3000), places=2))
EARLIER = st.lists(st.sampled_from(["coupon", "refund", "gift"]).map(Remedy), max_size=4).map(tuple)
FACTS = st.builds(
    RemedyFacts,
    severity=st.sampled_from(SEVERITIES),
    order_total=TOTALS,
    currency=st.sampled_from(["EUR", "JPY", "BRL"]),
    responsibility=st.sampled_from(RESPONSIBILITIES),
    effort=st.sampled_from(EFFORTS),
    earlier=EARLIER,
)


@given(FACTS)
def test_a_band_is_in_order_and_never_over_the_rail(facts: RemedyFacts) -> None:
    band, rail = band_for(facts), most_allowed(facts.order_total, facts.currency)
    assert Decimal(0) <= band.least <= band.suggested <= band.most
    assert rail is None or band.most <= rail
    assert band.why


@given(FACTS)
def test_graver_more_effort_or_more_fault_never_suggests_less(facts: RemedyFacts) -> None:
    for name, values in (
        ("severity", SEVERITIES),
        ("effort", EFFORTS),
        ("responsibility", RESPONSIBILITIES),
    ):
        bands = [band_for(replace(facts, **{name: value})) for value in values]
        for ends in zip(*[(band.least, band.suggested, band.most) for band in bands], strict=True):
            assert list(ends) == sorted(ends), name


@given(FACTS, st.sampled_from(["coupon", "credit"]))
def test_an_earlier_apology_raises_it(facts: RemedyFacts, kind: str) -> None:
    more = replace(facts, earlier=(*facts.earlier, Remedy(kind)))
    assert band_for(more).suggested >= band_for(facts).suggested


def test_the_published_four_fifths_restore_a_serious_failure() -> None:
    band = band_for(RemedyFacts(Severity.SERIOUS, Decimal(50)))
    assert (band.least, band.suggested, band.most) == (20, 40, 60)
    assert band.why == ("Serious: 80 % of €50.00",)


@pytest.mark.parametrize(
    ("changes", "suggested"),
    [
        ({"effort": CustomerEffort.MUCH}, 60),
        ({"responsibility": "part"}, 20),
        ({"responsibility": "none"}, 5),
        ({"earlier": (Remedy("coupon"),)}, 50),
        ({"effort": CustomerEffort.MUCH, "earlier": (Remedy("coupon"),) * 2}, 75),
    ],
)
def test_each_fact_has_its_weight(changes: dict[str, object], suggested: int) -> None:
    facts = replace(RemedyFacts(Severity.SERIOUS, Decimal(50)), **changes)  # type: ignore[arg-type]
    assert band_for(facts).suggested == suggested


@pytest.mark.parametrize(
    ("earlier", "total", "kind"),
    [
        ((), "50", "coupon"),
        (("coupon",), "50", "refund"),
        (("coupon",), None, "credit"),
        (("coupon", "refund"), "50", "credit"),
        (("refund",), "50", "coupon"),
    ],
)
def test_what_they_were_given_before_is_not_proposed_again(
    earlier: tuple[str, ...], total: str | None, kind: str
) -> None:
    facts = RemedyFacts(
        Severity.MINOR, Decimal(total) if total else None, earlier=tuple(map(Remedy, earlier))
    )
    assert band_for(facts).kind == kind


def test_the_proposal_reads_the_incident(incident: Incident, task: CareTask, now: object) -> None:
    Incident.objects.update(customer_effort="much", responsibility="part", severity="serious")
    propose_missing_offers(now=factories.NOW)
    assert Offer.objects.get().amount == 30  # 80 % of 49.50, half more, half of that


def test_outside_of_the_band_a_reason_is_asked(offer: Offer) -> None:
    assert departure_needed(offer, Decimal(12), "coupon") == ""
    assert departure_needed(offer, Decimal(30), "coupon").startswith("€6.00 to €18.00 is suggested")
    with pytest.raises(Refused, match="Say why"):
        check_departure(offer, amount=Decimal(30), compensation="coupon", departure=" ")
    check_departure(offer, amount=Decimal(30), compensation="coupon", departure="It was a wedding.")


def test_another_amount_than_the_clusters_asks_for_a_reason(offer: Offer) -> None:
    offer.incident.cause = factories.make_cause(remedy="coupon", amount=Decimal(10))
    assert departure_needed(offer, Decimal(10), "coupon") == ""
    assert "given the same: €10.00, coupon" in departure_needed(offer, Decimal(12), "coupon")
    assert departure_needed(offer, Decimal(10), "refund")
