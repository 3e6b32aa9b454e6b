"""For an admin to see what was sent and what came back, and to have a call or a mail read again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.admin import ReadOnly
from apps.core.nudges import enqueue

from .models import Arrival, InboundMail, Message, ProviderEvent, Suppression, WebhookCall
from .services.arrivals import read_again


class Arrivals(ReadOnly):
    """What came in, unread first."""

    actions = ("read_selected_again",)
    ordering = ("-pk",)
    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the list, for its action: no field can be written."""
        return obj is None

    @admin.action(description="Read again", permissions=["change"])
    def read_selected_again(self, request: HttpRequest, queryset: QuerySet[Arrival]) -> None:
        chosen = read_again(queryset)
        enqueue("outreach.read_events")
        enqueue("outreach.read_replies")
        self.message_user(request, f"{chosen} will be read again.", messages.SUCCESS)


@admin.register(WebhookCall)
class WebhookCallAdmin(Arrivals):
    list_display = ("pk", "received_at", "read_at", "tries", "fault")
    list_filter = (("read_at", admin.EmptyFieldListFilter),)


@admin.register(InboundMail)
class InboundMailAdmin(Arrivals):
    list_display = ("pk", "received_at", "outcome", "customer", "read_at", "tries", "fault")
    list_filter = ("outcome", ("read_at", admin.EmptyFieldListFilter))
    list_select_related = ("customer",)


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnly):
    list_display = ("at", "kind", "message", "address", "reason")
    list_filter = ("kind",)
    search_fields = ("=address", "=external_id")
    list_select_related = ("message",)
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(Suppression)
class SuppressionAdmin(ReadOnly):
    list_display = ("address", "scope", "reason", "note", "at", "lifted_at", "lifted_by")
    list_filter = ("scope", "reason", ("lifted_at", admin.EmptyFieldListFilter))
    search_fields = ("=address",)
    list_select_related = ("lifted_by",)
    ordering = ("-pk",)


@admin.register(Message)
class MessageAdmin(ReadOnly):
    exclude = ("text", "html")  # codes stand in them, which are money: the mail's own page masks them
    list_display = ("key", "customer", "status", "reason", "send_at", "sent_at", "tries")
    list_filter = ("status", "category", "purpose")
    search_fields = ("=key", "=to_address", "=provider_id")
    list_select_related = ("customer",)
    ordering = ("-pk",)
    show_full_result_count = False
