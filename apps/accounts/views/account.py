from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.core.http import Request

from ..forms.absence import AbsenceForm
from ..forms.own import AccountForm, PasswordForm
from ..models import Shop
from ..services import change_own_account, change_own_password


@require_http_methods(["GET", "POST"])
def account(request: Request) -> HttpResponse:
    """One's own name, zone, hours and keys."""
    shop, now = Shop.current(), timezone.now()
    form = AccountForm(request.POST or None, user=request.user, shop=shop)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("name", "time_zone", "single_keys")}
        change_own_account(request.user, **values, hours=form.own_week(), now=now)
        messages.info(request, "Your account is saved.")
        return redirect("accounts:account")
    absences = request.user.absences.not_over(shop.day_of(now))
    context = {"form": form, "person": request.user, "absences": absences, "absence_form": AbsenceForm()}
    return render(request, "accounts/account.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponse:
    """Choose another password; a few wrong tries a minute, then a pause."""
    if request.method == "POST":
        too_many: HttpResponse | None = ratelimit.consume_or_429(
            request, action="change_password", user=request.user
        )
        if too_many:
            return too_many
    form = PasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        change_own_password(request.user, password=form.cleaned_data["new"], now=timezone.now())
        update_session_auth_hash(request, request.user)
        messages.info(request, "Your new password is set. Other browsers are signed out.")
        return redirect("accounts:account")
    return render(request, "accounts/password.html", {"form": form})
