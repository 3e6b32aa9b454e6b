from django.contrib import admin

from apps.core.admin import ReadOnly

from .models import Verdict


@admin.register(Verdict)
class VerdictAdmin(ReadOnly):
    list_display = ("at", "by", "rule", "choice", "reason", "subject", "subject_id", "place", "stands")
    list_filter = ("choice", "reason", "category")
    search_fields = ("=subject_id", "rule")
    list_select_related = ("by",)
    ordering = ("-pk",)
    show_full_result_count = False
