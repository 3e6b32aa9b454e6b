"""The back office of the money: limits and budgets are set here; what was given and entered is only read."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.models import Team, User
from apps.core.admin import ReadOnly
from apps.core.logged import as_logged
from apps.core.statuses import record
from apps.core.templatetags.ui import money

from ..codes import masked
from ..models import Budget, Compensation, LedgerEntry, Limit

BELOW_USED = "{used} of it is set aside or spent already: it cannot be less."
SOFT_ABOVE = "The second approver is asked before the budget ends: not more than its amount."
OVERLAPS = "There is a budget of this team for some of these days. End that one first, or choose other days."
BACKWARDS = "It ends before it begins."
NEGATIVE = "An amount of zero or more, or empty for no limit."


class SetByAdmins(ReadOnly):
    """The site lets in nobody but admins; each change leaves an Event with what was before."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Only what was changed is written: the sums of a budget may move meanwhile."""
        assert isinstance(request.user, User)  # noqa: S101 - for the type checker: the site lets in nobody else
        names = form.changed_data if change else list(form.cleaned_data)
        fresh = {name: as_logged(form.cleaned_data[name]) for name in names}
        if not change:
            obj.save()
            record(obj, "added", by=request.user, now=timezone.now(), set=fresh)
        elif names:
            was = {name: as_logged(_before(form, name)) for name in names}
            obj.save(update_fields=names)
            record(obj, "changed", by=request.user, now=timezone.now(), was=was, set=fresh)


def _before(form: Any, name: str) -> Any:
    return form.fields[name].clean(form.initial.get(name)) if form.initial.get(name) is not None else None


class LimitForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Limit
        fields = ("role", "kind", "one_offer", "second_above", "customer_year", "proposer_day")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in ("one_offer", "second_above", "customer_year", "proposer_day"):
            if (values.get(name) or 0) < 0:
                self.add_error(name, NEGATIVE)
        return values


@admin.register(Limit)
class LimitAdmin(SetByAdmins):
    form = LimitForm
    list_display = ("role", "kind", "one_offer", "second_above", "customer_year", "proposer_day")


class BudgetForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Budget
        fields = ("team", "starts_on", "ends_on", "currency", "amount", "soft")

    def clean(self) -> dict[str, Any]:
        """Its row is locked: nothing is set aside between this look and the save."""
        values = super().clean() or {}
        amount, soft = values.get("amount"), values.get("soft")
        if self.instance.pk:
            row = Budget.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
            values = {"team": row.team, "currency": row.currency, **values}
            if amount is not None and amount < (used := row.committed + row.spent):
                self.add_error("amount", BELOW_USED.format(used=money(used, row.currency)))
        if amount is not None and soft is not None and soft > amount:
            self.add_error("soft", SOFT_ABOVE)
        self._check_days(values)
        return values

    def _check_days(self, values: dict[str, Any]) -> None:
        start, end = values.get("starts_on"), values.get("ends_on")
        if not start or not end:
            return
        if end < start:
            self.add_error("ends_on", BACKWARDS)
        elif _overlapping(values.get("team"), values.get("currency", ""), start, end, self.instance.pk):
            self.add_error("starts_on", OVERLAPS)


def _overlapping(team: Team | None, currency: str, start: date, end: date, but: int | None) -> bool:
    same = Budget.objects.filter(~Q(pk=but) if but else Q(), team=team, currency=currency)
    return same.filter(starts_on__lte=end, ends_on__gte=start).exists()


@admin.register(Budget)
class BudgetAdmin(SetByAdmins):
    form = BudgetForm
    list_display = (
        *("team", "starts_on", "ends_on", "currency", "amount", "soft"),
        *("committed", "spent", "redeemed", "expired"),
    )
    list_select_related = ("team",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Whose money it is and in which currency stays, once some of it moved."""
        sums = ("committed", "spent", "redeemed", "expired")
        return ("team", "currency", *sums) if obj and obj.entries.exists() else sums


@admin.register(Compensation)
class CompensationAdmin(ReadOnly):
    """The code is masked: who looks here cannot use it."""

    list_display = ("pk", "offer", "kind", "amount", "currency", "status", "issued_at", "expires_on", "ends")
    list_filter = ("status", "kind")
    search_fields = ("=pk", "=offer__pk", "=redeemed_order")
    ordering = ("-pk",)
    exclude = ("code",)
    readonly_fields = ("ends",)
    show_full_result_count = False

    @admin.display(description="Code")
    def ends(self, row: Compensation) -> str:
        return masked(row.code)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnly):
    list_display = ("at", "offer", "from_account", "to_account", "amount", "currency", "budget", "by")
    list_filter = ("from_account", "to_account")
    search_fields = ("=offer__pk",)
    list_select_related = ("offer", "budget__team", "by")
    ordering = ("-pk",)
    show_full_result_count = False
