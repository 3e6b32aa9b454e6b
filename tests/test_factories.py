from . import factories


def test_offer_with_all_below_it_can_be_made(shop):
    offer = factories.make_offer()
    assert offer.task.customer == offer.incident.customer
