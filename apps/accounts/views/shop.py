from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.core.http import Request

from ..forms.shop import ShopForm
from ..models import Role, Shop
from ..permissions import role_required
from ..services import change_shop


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMIN)
def shop(request: Request) -> HttpResponse:
    """The one shop: its name, zone, money, holidays and hours."""
    current = Shop.current()
    form = ShopForm(request.POST or None, shop=current)
    if form.is_valid():
        change_shop(current, values=form.values(), by=request.user, now=timezone.now())
        messages.info(request, "The shop's settings are saved.")
        return redirect("accounts:shop")
    return render(request, "accounts/shop.html", {"form": form})
