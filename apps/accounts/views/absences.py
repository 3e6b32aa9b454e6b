from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.core.http import Request, errors_of

from ..forms.absence import AbsenceForm
from ..models import Absence, User
from ..services import NotAnAbsence, add_absence, remove_absence

KEPT = "{name} is away then. What lies on their desk goes to a deputy."
REMOVED = "{name} is here on those days."


@require_POST
def add(request: Request, pk: int) -> HttpResponse:
    """Days away: one's own, or of somebody whom one manages."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        messages.error(request, errors_of(form))
        return _back(request, person)
    try:
        add_absence(person, **form.cleaned_data, by=request.user, now=timezone.now())
    except NotAnAbsence as reason:
        messages.error(request, str(reason))
    else:
        messages.info(request, KEPT.format(name=person.name))
    return _back(request, person)


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    seen = User.objects.visible_to(request.user)
    absence = get_object_or_404(Absence.objects.filter(user__in=seen).select_related("user"), pk=pk)
    person = absence.user
    remove_absence(absence, by=request.user, now=timezone.now())
    messages.info(request, REMOVED.format(name=person.name))
    return _back(request, person)


def _back(request: Request, person: User) -> HttpResponse:
    if person.pk == request.user.pk:
        return redirect("accounts:account")
    return redirect("accounts:person", person.pk)
