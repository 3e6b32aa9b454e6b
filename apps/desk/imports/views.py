"""Uploading the shop's files, and the report of an import."""

from http import HTTPStatus
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import Role, Shop
from apps.accounts.permissions import role_required
from apps.core.http import Request
from apps.integrations.models import ImportRun
from apps.integrations.recording import rejects_path
from apps.integrations.shop_import import KINDS
from apps.integrations.uploads import start_import

from .forms import ImportForm

RUNS_SHOWN = 10
STOP_POLLING = 286  # htmx's word for: this was the last answer


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.MANAGER, Role.MARKETER)
def imports(request: Request) -> HttpResponse:
    shop = Shop.current()
    if request.method != "POST":
        return _page(request, ImportForm(shop=shop), shop)
    form = ImportForm(request.POST, request.FILES, shop=shop)
    if not form.is_valid():
        return _page(request, form, shop, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    run = start_import(
        source=form.cleaned_data["source"],
        files=form.files_given(),
        options=form.options(),
        by=request.user,
        now=timezone.now(),
    )
    return redirect("desk:import_run", run.pk)


@require_safe
@role_required(Role.MANAGER, Role.MARKETER)
def import_run(request: Request, pk: int) -> HttpResponse:
    """The report; while the import runs, its progress, which asks again by itself."""
    run = get_object_or_404(ImportRun.objects.select_related("by"), pk=pk, kind="shop")
    context = {"run": run, **_told(run)}
    if not request.htmx:
        return render(request, "desk/import.html", context)
    status = STOP_POLLING if run.ended_at else HTTPStatus.OK
    return render(request, "desk/import_state.html", context, status=status)


@require_safe
@role_required(Role.MANAGER, Role.MARKETER)
def import_rejects(request: Request, pk: int) -> FileResponse:
    run = get_object_or_404(ImportRun, pk=pk)
    path = rejects_path(run)
    if not run.rejects_file or not path.is_file():
        raise Http404("These rejects are no longer kept.")
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv")


def _page(request: Request, form: ImportForm, shop: Shop, *, status: int = HTTPStatus.OK) -> HttpResponse:
    runs = ImportRun.objects.filter(kind="shop").select_related("by")[:RUNS_SHOWN]
    return render(request, "desk/imports.html", {"form": form, "runs": runs, "shop": shop}, status=status)


def _told(run: ImportRun) -> dict[str, Any]:
    """The report's parts, in the order in which they are read."""
    report = run.report or {}
    rows = [(kind, report[kind]) for kind in KINDS if report.get(kind, {}).get("read")]
    return {
        "rows": rows,
        "changed": sum(counts["created"] + counts["updated"] for _, counts in rows),
        "rejected": sum(counts["rejected"] for _, counts in rows),
        "reasons": sorted(report.get("reasons", []), key=lambda reason: -reason[2]),
        "notes": report.get("notes", []),
        "unused": report.get("unused", ""),
        "seconds": report.get("seconds"),
        "part": report.get("part"),
        "kind_now": report.get("now", ""),
    }
