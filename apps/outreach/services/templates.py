"""Saving the words of mails: what cannot be sent to anybody is not saved."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.core.statuses import record

from ..models import MailTemplate
from ..permissions import may_write_templates
from ..templating import Words, faults_of

NO_NAME = "The template has no name. Give it one that tells what it is for."
NAME_TAKEN = "There is a template named {name} already. Choose another name, or change that one."
CHANGED_MEANWHILE = "{by} changed this template meanwhile. Load the page again to see it."
FIELDS = ("name", "play", "subject", "body", "is_active", "updated_at", "updated_by")


class CannotSave(ValueError):
    """The template stays as it was; `field` is where to put it right."""

    def __init__(self, message: str, field: str) -> None:
        self.field = field
        super().__init__(message)


def save_template(
    template: MailTemplate,
    *,
    words: Words,
    name: str,
    play: str,
    is_active: bool,
    by: User,
    now: datetime,
    seen_at: datetime | None = None,
) -> MailTemplate:
    """Make it or change it.

    `seen_at`: its `updated_at` as the writer saw it, so that no edit of another is lost.
    """
    _check(words, name, by)
    is_new = template.pk is None
    with transaction.atomic():
        if not is_new:
            _check_unchanged(template, seen_at)
        template.name, template.play, template.is_active = name.strip(), play, is_active
        template.subject, template.body = words.subject.strip(), words.body
        template.updated_at, template.updated_by = now, by
        _save(template)
        kept = {"name": template.name, "subject": template.subject, "body": template.body}
        verb = "written" if is_new else "rewritten"
        record(template, verb, by=by, now=now, **kept, play=play, is_active=is_active)
    return template


def _check(words: Words, name: str, by: User) -> None:
    if not may_write_templates(by):
        raise PermissionDenied
    if not name.strip():
        raise CannotSave(NO_NAME, "name")
    for field, fault in faults_of(words).items():
        raise CannotSave(str(fault), field)


def _check_unchanged(template: MailTemplate, seen_at: datetime | None) -> None:
    now_there = MailTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    if seen_at and now_there.updated_at != seen_at:
        raise CannotSave(CHANGED_MEANWHILE.format(by=now_there.updated_by or "Somebody"), "body")


def _save(template: MailTemplate) -> None:
    try:
        with transaction.atomic():
            template.save(update_fields=FIELDS if template.pk else None)
    except IntegrityError:
        raise CannotSave(NAME_TAKEN.format(name=template.name), "name") from None
