from django.http import HttpResponse
from django.shortcuts import render

from apps.core.http import Request


def account(request: Request) -> HttpResponse:
    """One's own account."""
    return render(request, "accounts/account.html")
