"""The back office looks at apologies; it decides nothing and changes nothing."""

from django.contrib import admin

from apps.core.admin import ReadOnly

from ..models import Offer


@admin.register(Offer)
class OfferAdmin(ReadOnly):
    list_display = ("pk", "incident", "status", "amount", "currency", "proposed_by", "decided_by", "due_at")
    list_filter = ("status", "compensation", "for_severity")
    search_fields = ("=id",)
    list_select_related = ("incident", "proposed_by", "decided_by")
