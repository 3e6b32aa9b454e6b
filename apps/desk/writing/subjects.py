"""Whose words are checked: who may see each kind of row, and where its text is read."""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.apologies.models import Incident, Offer
from apps.campaigns.models import Campaign
from apps.campaigns.permissions import may_set_campaigns
from apps.customers.models import Customer
from apps.feedback.models import FeedbackItem
from apps.outreach.models import MailTemplate
from apps.outreach.permissions import may_write_templates
from apps.worklist.models import Attempt, CareTask
from apps.writing.subjects import Link, Subject, register

Links = Callable[[Collection[int]], dict[int, Link]]


def register_subjects() -> None:
    for model, visible_to, links in (
        (Offer, Offer.objects.visible_to, _named(Offer, "desk:offer", "incident__customer")),
        (
            FeedbackItem,
            FeedbackItem.objects.visible_to,
            _named(FeedbackItem, "desk:feedback_item", "customer"),
        ),
        (Customer, Customer.objects.visible_to, _named(Customer, "desk:customer")),
        (Attempt, _attempts, _of_customer(Attempt)),
        (Incident, Incident.objects.visible_to, _of_customer(Incident)),
        (Campaign, _campaigns, _named(Campaign, "desk:campaign_settings")),
        (MailTemplate, _templates, _named(MailTemplate, "desk:mail_template")),
    ):
        register(model._meta.label_lower, Subject(visible_to, links))


def _attempts(user: User) -> QuerySet[Attempt]:
    return Attempt.objects.filter(task__in=CareTask.objects.visible_to(user))


def _campaigns(user: User) -> QuerySet[Campaign]:
    return Campaign.objects.all() if may_set_campaigns(user) else Campaign.objects.none()


def _templates(user: User) -> QuerySet[MailTemplate]:
    return MailTemplate.objects.all() if may_write_templates(user) else MailTemplate.objects.none()


def _named(model: Any, url_name: str, whose: str = "") -> Links:
    """A page for each row, named by the row itself or by what it is about."""

    def links(keys: Collection[int]) -> dict[int, Link]:
        rows = model.objects.filter(pk__in=keys)
        rows = rows.select_related(whose) if whose else rows
        return {row.pk: Link(str(_follow(row, whose)), reverse(url_name, args=[row.pk])) for row in rows}

    return links


def _of_customer(model: Any) -> Links:
    """The page of the customer, which holds the row in its timeline."""

    def links(keys: Collection[int]) -> dict[int, Link]:
        rows = model.objects.filter(pk__in=keys).select_related("customer")
        return {
            row.pk: Link(str(row.customer), reverse("desk:customer", args=[row.customer_id])) for row in rows
        }

    return links


def _follow(row: Any, path: str) -> Any:
    for name in filter(None, path.split("__")):
        row = getattr(row, name)
    return row
