"""The pages of approvals, as a browser asks for them."""

from django.test import Client
from django.urls import reverse

from apps.apologies.models import Offer

URL = "/approvals/"


def url_of(offer: Offer, name: str = "offer") -> str:
    return reverse(f"desk:{name}", args=[offer.pk])


def shown(client: Client, offer: Offer, query: str = "") -> str:
    page = client.get(url_of(offer) + query)
    assert page.status_code == 200
    return page.content.decode()
