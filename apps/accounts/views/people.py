from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.http import Request

from ..forms.absence import AbsenceForm
from ..forms.person import AddPersonForm, PersonForm
from ..hours import week_text
from ..models import Role, Shop, User
from ..permissions import is_admin, may_reset_password, role_required
from ..services import LastAdmin, add_person, change_person, choose_deputy, reset_password


@require_safe
@role_required(Role.MANAGER)
def people(request: Request) -> HttpResponse:
    """Everybody for an admin, one's team for a manager."""
    everybody = User.objects.visible_to(request.user).select_related("team")
    return render(
        request,
        "accounts/people.html",
        {
            "people": everybody.order_by("-is_active", "name", "pk"),
            "may_edit": is_admin(request.user),
        },
    )


@never_cache
@require_http_methods(["GET", "POST"])
@role_required(Role.ADMIN)
def add(request: Request) -> HttpResponse:
    """A new person. The answer shows their password, once: it is never stored, so there is no redirect."""
    form = AddPersonForm(request.POST or None)
    if form.is_valid():
        person, password = add_person(**form.cleaned_data, by=request.user, now=timezone.now())
        return _hand_over(request, person, password)
    return render(request, "accounts/add_person.html", {"form": form})


@require_http_methods(["GET", "POST"])
@role_required(Role.MANAGER)
def person(request: Request, pk: int) -> HttpResponse:
    """What a person is: an admin changes it, a manager reads it."""
    person = _visible(request, pk)
    if not is_admin(request.user):
        return _read(request, person)
    form = PersonForm(request.POST or None, person=person, shop=Shop.current())
    if form.is_valid() and _change(request, person, form):
        messages.info(request, f"{person.name} is saved.")
        return redirect("accounts:people")
    return render(request, "accounts/person.html", {**_facts(request, person), "form": form})


@never_cache
@require_POST
@role_required(Role.MANAGER)
def reset(request: Request, pk: int) -> HttpResponse:
    """A new password, shown once: it is never stored, so there is no redirect."""
    person = _visible(request, pk)
    password = reset_password(person, by=request.user, now=timezone.now())
    return _hand_over(request, person, password)


def _visible(request: Request, pk: int) -> User:
    person: User = get_object_or_404(
        User.objects.visible_to(request.user).select_related("team", "deputy"), pk=pk
    )
    return person


def _facts(request: Request, person: User) -> dict[str, object]:
    today = Shop.current().day_of(timezone.now())
    return {
        "person": person,
        "may_reset": may_reset_password(request.user, person),
        "absences": person.absences.not_over(today),
        "absence_form": AbsenceForm(),
    }


def _read(request: Request, person: User) -> HttpResponse:
    if request.method != "GET":
        raise Http404
    hours = week_text(Shop.current().week(person.hours))
    return render(request, "accounts/person_read.html", {**_facts(request, person), "hours": hours})


def _change(request: Request, person: User, form: PersonForm) -> bool:
    """Save the form, or put on it why nobody could sign in as an admin any more."""
    names = ("name", "email", "role", "team", "is_active")
    values, now = {name: form.cleaned_data[name] for name in names}, timezone.now()
    try:
        change_person(person, **values, hours=form.own_week(), by=request.user, now=now)
    except LastAdmin as refusal:
        form.add_error(None, str(refusal))
        return False
    choose_deputy(person, deputy=form.cleaned_data["deputy"], by=request.user, now=now)
    return True


def _hand_over(request: Request, person: User, password: str) -> HttpResponse:
    return render(request, "accounts/new_password.html", {"person": person, "password": password})
