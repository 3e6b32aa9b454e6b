"""Every page of the product: walked from the URL conf, with a row for each page that shows one.

Tests open them as everybody, look at them in a browser, and fail for a page that is not known here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.apologies.models import Budget, Cause, Offer
from apps.campaigns.models import Campaign
from apps.customers.models import Customer
from apps.integrations.models import ImportRun
from apps.outreach.unsubscribing import unsubscribe_token
from tests import factories

EVERYONE = frozenset(Role.values)
CALLERS = frozenset({Role.REP, Role.MANAGER, Role.ADMIN})
DECIDERS = frozenset({Role.MANAGER, Role.ADMIN})
PLANNERS = frozenset({Role.MANAGER, Role.MARKETER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})

MAIL_DOORS = {"outreach:events", "outreach:replies"}
PUBLIC = {
    *("healthz", "readyz", "account_login", "account_inactive", "outreach:unsubscribe"),
    *("integrations:redemptions", *MAIL_DOORS),
}

# Not pages to look at: they take a post, or give a file or a line for a machine
FILES = {"healthz", "readyz", "desk:shift_csv", "desk:campaign_list", "desk:import_rejects", "desk:kept_csv"}
FILES |= {"desk:failures_csv", "desk:failure_rows_csv", "desk:ledger_csv", "desk:letter_pdf"}
POSTS = {
    *MAIL_DOORS,
    "integrations:redemptions",
    "writing:check",
    "desk:they_answered",
    "desk:print_letter",
    "accounts:theme",
    "accounts:reset_password",
    "accounts:add_absence",
    "accounts:remove_absence",
    "accounts:rename_team",
    "accounts:delete_team",
    "desk:take_next",
    "desk:start_task",
    "desk:outcome",
    "desk:send_mail",
    "desk:notes",
    "desk:stay",
    "desk:release",
    "desk:found_way",
    "desk:undo_outcome",
    "desk:answer_feedback",
    "desk:save_reply",
    "desk:close_feedback",
    "desk:reopen_feedback",
    "desk:approve_offer",
    "desk:return_offer",
    "desk:decline_offer",
    "desk:lower_offer",
    "desk:withdraw_offer",
    "desk:hand_over_offer",
    "desk:take_back_given",
    "desk:approve_chosen",
    "desk:close_incident",
    "desk:reopen_incident",
    "desk:edit_offer",
    "desk:confirm_failure",
    "desk:dismiss_failure",
    "desk:open_cause",
    "desk:decide_cause",
    "desk:approve_cause",
    "desk:link_improvement",
    "desk:name_cause",
    "desk:remove_incident",
    "desk:fill_plan",
    "desk:match_agent",
    "desk:part_agent",
    "desk:log_contact",
    "desk:take_back_contact",
    "desk:correct_contact",
    "desk:customer_note",
    "desk:customer_permissions",
    "desk:campaign_on",
    "desk:campaign_off",
    "desk:take_back_mail",
    "desk:send_mail_again",
    "desk:mail_arrived",
    "desk:mail_not_arrived",
    "desk:set_mail_aside",
    "desk:lift_suppression",
}

# Who may open a page that is not for everybody who works here
ONLY: dict[str, frozenset[str]] = {
    "accounts:people": DECIDERS,
    "desk:letter_pdf": CALLERS,
    "desk:they_answered": CALLERS,
    "desk:print_letter": CALLERS,
    "accounts:person": DECIDERS,
    "accounts:reset_password": DECIDERS,
    "accounts:add_person": ADMINS,
    "accounts:teams": ADMINS,
    "accounts:rename_team": ADMINS,
    "accounts:delete_team": ADMINS,
    "accounts:shop": ADMINS,
    "desk:agents": DECIDERS,
    "desk:kept_words": DECIDERS,
    "desk:kept_csv": DECIDERS,
    "desk:rules": PLANNERS,
    "desk:match_agent": DECIDERS,
    "desk:part_agent": DECIDERS,
    "desk:plan": PLANNERS,
    "desk:failures": PLANNERS,
    "desk:failures_csv": PLANNERS,
    "desk:failure_rows": PLANNERS,
    "desk:failure_rows_csv": PLANNERS,
    "desk:budgets": DECIDERS,
    "desk:ledger_csv": DECIDERS,
    "desk:fill_plan": PLANNERS,
    "desk:approve_offer": DECIDERS,
    "desk:return_offer": DECIDERS,
    "desk:decline_offer": DECIDERS,
    "desk:lower_offer": DECIDERS,
    "desk:hand_over_offer": DECIDERS,
    "desk:take_back_given": DECIDERS,
    "desk:approve_chosen": DECIDERS,
    "desk:withdraw_offer": CALLERS,
    "desk:close_incident": DECIDERS,
    "desk:reopen_incident": DECIDERS,
    "desk:edit_offer": CALLERS,
    "desk:confirm_failure": CALLERS,
    "desk:dismiss_failure": CALLERS,
    **dict.fromkeys(("desk:causes", "desk:cause", "desk:open_cause", "desk:decide_cause"), DECIDERS),
    **dict.fromkeys(("desk:approve_cause", "desk:link_improvement"), DECIDERS),
    **dict.fromkeys(("desk:name_cause", "desk:remove_incident"), DECIDERS),
    "desk:take_next": CALLERS,
    "desk:workspace": CALLERS,
    "desk:start_task": CALLERS,
    "desk:outcome": CALLERS,
    "desk:send_mail": CALLERS,
    "desk:notes": CALLERS,
    "desk:stay": CALLERS,
    "desk:release": CALLERS,
    "desk:found_way": CALLERS,
    "desk:undo_outcome": CALLERS,
    "desk:answer_feedback": CALLERS,
    "desk:save_reply": CALLERS,
    "desk:close_feedback": CALLERS,
    "desk:reopen_feedback": CALLERS,
    "desk:call_problem": CALLERS,
    "desk:report_incident": CALLERS,
    "desk:campaigns": PLANNERS,
    "desk:campaign": PLANNERS,
    "desk:campaign_settings": PLANNERS,
    "desk:campaign_on": PLANNERS,
    "desk:campaign_off": PLANNERS,
    "desk:campaign_list": PLANNERS,
    "desk:take_back_mail": CALLERS,
    "desk:send_mail_again": CALLERS,
    "desk:mail_arrived": CALLERS,
    "desk:mail_not_arrived": CALLERS,
    "desk:set_mail_aside": CALLERS,
    "desk:lift_suppression": DECIDERS,
    "desk:mail_templates": PLANNERS,
    "desk:new_mail_template": PLANNERS,
    "desk:mail_template": PLANNERS,
    "desk:imports": PLANNERS,
    "desk:import_run": PLANNERS,
    "desk:import_rejects": PLANNERS,
}


@dataclass(frozen=True)
class Page:
    name: str
    route: str
    arguments: tuple[str, ...] = ()
    may: frozenset[str] = field(default=EVERYONE)

    def url(self, rows: dict[str, Any]) -> str:
        """Its address for the sample rows."""
        if not self.arguments:
            return reverse(self.name)
        return reverse(self.name, kwargs=dict.fromkeys(self.arguments, rows[self.name]))

    @property
    def default_role(self) -> str:
        """As whom it is looked at: the plainest role that may."""
        return next(role for role in (Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN) if role in self.may)


def every_page() -> list[Page]:
    """All pages but the back office's."""
    return [page for page in _walk(get_resolver()) if not page.route.startswith("admin/")]


def pages_to_look_at() -> list[Page]:
    return [page for page in every_page() if page.name not in FILES | POSTS]


def _walk(resolver: URLResolver, route: str = "", space: str = "") -> Iterator[Page]:
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            names = [name for name in (space, pattern.namespace) if name]
            yield from _walk(pattern, here, ":".join(names))
        elif isinstance(pattern, URLPattern):
            name = ":".join(part for part in (space, pattern.name) if part)
            arguments = tuple(re.findall(r"<\w+:(\w+)>", here))
            yield Page(name, here, arguments, ONLY.get(name, EVERYONE))


def sample_rows(cast: dict[str, User]) -> dict[str, Any]:
    """Rows that make each page show something, by the page's name. `cast` holds a user of each role."""
    rep, team = cast[Role.REP], cast[Role.REP].team
    now = timezone.now()
    customer = factories.make_customer(name="Jean-Baptiste Delacroix-Montaigne")
    order = factories.make_order(customer)
    window = {"calls_from": now - timedelta(hours=1), "calls_until": now + timedelta(hours=5)}
    held = {"held_by": rep, "held_at": now, "held_until": now + timedelta(minutes=20), "status": "held"}
    call = factories.make_task(customer, due_at=now, team=team, **window, **held)
    factories.make_task(due_at=now, team=team, **window)
    item = factories.make_feedback(customer, order=order)
    reply = {"play": "feedback_reply", "owed": True, "reach": "public", "due_at": now, "team": team}
    factories.make_enrollment(factories.make_task(customer, **reply), subject_id=item.pk)
    cause = factories.make_cause()
    offer = factories.make_offer(factories.make_incident(customer, order=order, detected_at=now, cause=cause))
    days = {"starts_on": now.date(), "ends_on": now.date() + timedelta(days=30)}
    Budget.objects.create(team=team, amount=500, soft=400, currency="EUR", **days)
    campaign = Campaign.objects.filter(play="welcome").first() or Campaign.objects.create(play="welcome")
    return {
        **_of_tasks(call.pk),
        **_of_rows(customer.pk, item.pk, offer.pk, campaign.pk),
        **_of_people(rep),
        **_of_mails(customer, rep),
        "outreach:unsubscribe": unsubscribe_token(factories.make_message(customer)),
        "outreach:replies": "not-the-secret",
    }


def _of_tasks(pk: int) -> dict[str, int]:
    names = (
        "workspace",
        "start_task",
        "outcome",
        "notes",
        "stay",
        "release",
        "found_way",
        "call_problem",
        "send_mail",
    )
    return {**{f"desk:{name}": pk for name in names}, "desk:undo_outcome": pk}


def _of_rows(customer: int, item: int, offer: int, campaign: int) -> dict[str, int]:
    feedback = ("feedback_item", "answer_feedback", "save_reply", "close_feedback", "reopen_feedback")
    failures = ("confirm_failure", "dismiss_failure")
    offers = ("offer", "approve_offer", "return_offer", "decline_offer", "edit_offer")
    offers += ("lower_offer", "withdraw_offer", "hand_over_offer", "take_back_given")
    offers += ("letter_pdf", "print_letter", "they_answered")
    customers = ("customer", "report_incident", "customer_note", "customer_permissions")
    campaigns = ("campaign", "campaign_settings", "campaign_on", "campaign_off", "campaign_list")
    run = ImportRun.objects.create(kind="shop", source="shop", state="done", created_at=factories.NOW)
    return {
        "desk:import_run": run.pk,
        "desk:import_rejects": run.pk,
        **{f"desk:{name}": item for name in (*feedback, *failures)},
        **{f"desk:{name}": offer for name in offers},
        **{f"desk:{name}": customer for name in customers},
        **{f"desk:{name}": campaign for name in campaigns},
        "desk:close_incident": Offer.objects.get(pk=offer).incident_id,
        "desk:reopen_incident": Offer.objects.get(pk=offer).incident_id,
        "desk:name_cause": Offer.objects.get(pk=offer).incident_id,
        "desk:remove_incident": Offer.objects.get(pk=offer).incident_id,
        **dict.fromkeys(
            ("desk:cause", "desk:decide_cause", "desk:approve_cause", "desk:link_improvement"),
            Cause.objects.get().pk,
        ),
        "desk:part_agent": 1,
        "desk:correct_contact": 1,
        "desk:take_back_contact": 1,
    }


def _of_mails(customer: Customer, by: User) -> dict[str, int]:
    mail = factories.make_mail(customer, by=by, status="failed", reason="The provider refused it")
    factories.make_mail(customer, by=by)
    names = (
        *("mail", "take_back_mail", "send_mail_again", "mail_arrived", "mail_not_arrived"),
        "set_mail_aside",
    )
    return {
        **{f"desk:{name}": mail.pk for name in names},
        "desk:mail_template": factories.make_template().pk,
        "desk:lift_suppression": factories.make_suppression(message=mail).pk,
    }


def _of_people(user: Any) -> dict[str, int]:
    return {
        "accounts:person": user.pk,
        "accounts:reset_password": user.pk,
        "accounts:add_absence": user.pk,
        "accounts:remove_absence": 1,
        "accounts:rename_team": user.team_id,
        "accounts:delete_team": user.team_id,
    }
