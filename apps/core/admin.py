"""The admin's view of the log, the embedded queue and the heartbeat: to look, and to revive dead letters."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from .broker.messages import revive
from .models import Event, Heartbeat, QueuedMessage


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Every admin may look (the site lets in nobody else); nobody writes."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ("at", "actor", "subject", "subject_id", "verb", "from_status", "to_status", "reason")
    list_filter = ("subject", "verb")
    search_fields = ("=subject_id", "reason")
    list_select_related = ("actor",)
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    list_display = ("name", "beat_at")


@admin.register(QueuedMessage)
class QueuedMessageAdmin(ReadOnly):
    list_display = ("pk", "queue", "task", "queued_at", "deliveries", "dead", "cause_of_death")
    list_filter = ("dead", "queue", "task")
    ordering = ("-dead", "-pk")
    exclude = ("payload",)
    show_full_result_count = False
    actions = ("revive_selected",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the list, for its action: no field of a message can be written."""
        return obj is None

    @admin.action(description="Queue the dead ones again", permissions=["change"])
    def revive_selected(self, request: HttpRequest, queryset: QuerySet[QueuedMessage]) -> None:
        revived = revive(queryset, now=timezone.now())
        self.message_user(request, f"{revived} queued again.", messages.SUCCESS)
