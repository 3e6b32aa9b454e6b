"""The request as every view sees it: signed in, and with htmx details."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from apps.accounts.models import User


class Request(HttpRequest):
    user: "User"
    htmx: HtmxDetails
