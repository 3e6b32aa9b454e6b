"""The request as every view sees it, signed in and with htmx details; what is wrong with a form it posts."""

from typing import TYPE_CHECKING

from django.forms import BaseForm
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from apps.accounts.models import User


def errors_of(form: BaseForm) -> str:
    """Everything that is wrong with a form, in one line."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


class Request(HttpRequest):
    user: "User"
    htmx: HtmxDetails
