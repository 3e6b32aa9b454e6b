"""The ledger as a file for finance."""

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import Role, Shop
from apps.accounts.permissions import role_required
from apps.apologies.finance import COLUMNS
from apps.apologies.services import export_ledger
from apps.core.csv_export import csv_response
from apps.core.http import Request

from .asked import asked


@require_safe
@role_required(Role.MANAGER)
def ledger_csv(request: Request) -> StreamingHttpResponse:
    now = timezone.now()
    choice = asked(request.GET, Shop.current(), now)
    rows = export_ledger(first=choice.period.first, last=choice.period.last, by=request.user, now=now)
    return csv_response(f"ledger-{choice.file_days}.csv", COLUMNS, rows)
