from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import Shop, User
from apps.core.models import Event
from apps.outreach.models import MailTemplate
from apps.outreach.services import CannotSave, save_template
from apps.outreach.templating import Words
from tests.factories import make_template

GOOD = Words("Your order {order}", "Dear {first_name|friend},\n\nthank you.")


def save(
    by: User, now: datetime, words: Words = GOOD, template: MailTemplate | None = None, **facts: object
) -> MailTemplate:
    rest = {"name": "Thanks", "play": "welcome", "is_active": True, **facts}
    return save_template(template or MailTemplate(), words=words, by=by, now=now, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["manager", "marketer", "admin"])
def test_it_is_kept_with_who_wrote_it(who: str, request: pytest.FixtureRequest, now: datetime) -> None:
    by = request.getfixturevalue(who)
    template = save(by, now)
    template.refresh_from_db()
    assert (template.subject, template.body, template.updated_by) == (GOOD.subject, GOOD.body, by)
    event = Event.objects.get(subject="outreach.mailtemplate", subject_id=template.pk)
    assert (event.verb, event.actor, event.data["body"]) == ("written", by, GOOD.body)


def test_a_rep_writes_none(rep: User, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        save(rep, now)
    assert not MailTemplate.objects.exists()


@pytest.mark.parametrize(
    ("words", "field", "told"),
    [
        (
            Words("Dear {surname}", "Hello"),
            "subject",
            "surname is no placeholder of a mail. These are: {first_name}",
        ),
        (Words("Hello", "Dear {surname} {0}"), "body", "surname, 0 is no placeholder"),
        (Words("Hello", "{{7*7}}"), "body", r"7\*7, {, } is no placeholder"),
        (Words("Hi\r\nBcc: x@example.com", "Hello"), "subject", "holds a line break"),
        (Words("Hi\0", "Hello"), "subject", "holds a line break or a control character"),
        (Words("", "Hello"), "subject", "subject is empty"),
        (Words("Hello", " "), "body", "mail is empty"),
        (Words("x" * 201, "Hello"), "subject", "201 characters"),
    ],
)
def test_what_cannot_be_sent_is_not_saved(
    words: Words, field: str, told: str, manager: User, now: datetime
) -> None:
    with pytest.raises(CannotSave, match=told) as refused:
        save(manager, now, words)
    assert refused.value.field == field
    assert not MailTemplate.objects.exists()


def test_a_name_is_taken_once(manager: User, now: datetime) -> None:
    save(manager, now)
    with pytest.raises(CannotSave, match="named Thanks already"):
        save(manager, now)
    assert MailTemplate.objects.count() == 1
    with pytest.raises(CannotSave, match="no name"):
        save(manager, now, name="  ")


def test_an_edit_of_another_is_not_lost(shop: Shop, manager: User, marketer: User, now: datetime) -> None:
    template = make_template()
    seen = template.updated_at
    save(marketer, now + timedelta(minutes=1), template=template, seen_at=seen)
    mine = MailTemplate.objects.get(pk=template.pk)
    with pytest.raises(CannotSave, match="Lea Roth changed this template meanwhile"):
        save(manager, now + timedelta(minutes=2), Words("Mine", "Mine"), template=mine, seen_at=seen)
    template.refresh_from_db()
    assert template.subject == GOOD.subject
    assert Event.objects.filter(verb="rewritten").count() == 1
