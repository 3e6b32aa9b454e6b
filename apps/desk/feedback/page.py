"""What the feedback page shows: the list, its tabs, and the open item with its draft."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.urls import reverse

from apps.accounts.models import Shop, User
from apps.apologies.models import IncidentKind
from apps.apologies.permissions import may_report
from apps.apologies.services.confirming import apologised_since, heard_and_open
from apps.campaigns.models import Campaign
from apps.core.bounded import bounded_counts
from apps.feedback.models import FeedbackItem, Reply
from apps.feedback.permissions import may_answer
from apps.feedback.services import open_item
from apps.feedback.services.holding import Opened
from apps.writing.boxes import show_findings

from .forms import ReplyForm, UnanswerableForm
from .queue import SHOWN, TABS, Row, row_of, rows_for
from .ways import Ways, Went, ways_of, went_of, wrote_back
from .without_task import without_task

NAMES = {"waiting": "Waiting", "answered": "Answered", "closed": "Closed"}
SALT = "feedback.opened"
LIMIT = 100
SOUNDS = {
    IncidentKind.LATE: "it came late",
    IncidentKind.LOST: "it never came",
    IncidentKind.WRONG: "it was not what they ordered",
    IncidentKind.BROKEN: "it was broken",
    IncidentKind.RUDE: "somebody was rude to them",
    IncidentKind.SILENT: "nobody answered them",
}


@dataclass(frozen=True)
class OpenItem:
    row: Row
    opened: Opened
    reply: Reply | None
    form: ReplyForm
    unanswerable: UnanswerableForm
    may_write: bool
    sitting: str
    ways: Ways
    went: Went | None = None
    wrote: str = ""
    heard: IncidentKind | None = None
    apologised_at: datetime | None = None

    @property
    def sounds_like(self) -> str:
        return SOUNDS[self.heard] if self.heard else ""

    @property
    def words(self) -> int:
        return len(self.reply.words.split()) if self.reply else 0


def list_context(
    user: User, tab: str, *, shop: Shop, now: datetime, campaign: Campaign | None
) -> dict[str, Any]:
    rows = rows_for(user, tab, shop=shop, now=now, campaign=campaign)
    on_desk = FeedbackItem.objects.on_the_desk_of(user)
    counts = bounded_counts([on_desk.waiting()], LIMIT)
    late = sum(row.is_late for row in rows)
    owed = [row.item.received_at for row in rows if row.due_at]
    return {
        "rows": rows,
        "tab": tab,
        "tabs": _tabs(tab, counts[0]),
        "waiting_count": counts[0],
        "late_count": late,
        "late_is_more": late == SHOWN,
        "oldest": min(owed, default=None),
        "shown": SHOWN,
        "without_task": without_task(user, campaign, now=now) if tab == "waiting" else [],
        "may_answer": may_answer(user),
    }


def open_context(
    item: FeedbackItem,
    user: User,
    *,
    shop: Shop,
    now: datetime,
    campaign: Campaign | None,
    form: ReplyForm | None = None,
    unanswerable: UnanswerableForm | None = None,
    sitting: str = "",
) -> OpenItem:
    """Opens the item for this person, which takes its task, and shows the draft as it stands."""
    opened = open_item(item, by=user, now=now)
    reply = Reply.objects.select_related("author", "message").filter(item=item).first()
    may_write = may_answer(user) and item.status == "waiting" and not opened.in_the_way
    ways = ways_of(item)
    form = form or ReplyForm(ways=ways, initial={"words": reply.words if reply else ""})
    if may_write:
        show_findings(form, by=user, about=item)
    heard = heard_and_open(item) if may_report(user) else None
    return OpenItem(
        row=row_of(item, user=user, shop=shop, now=now, campaign=campaign),
        opened=opened,
        reply=reply,
        form=form,
        unanswerable=unanswerable or UnanswerableForm(),
        may_write=may_write,
        ways=ways,
        went=went_of(item, reply, opened.task),
        wrote=wrote_back(reply, opened.task),
        heard=heard,
        apologised_at=None if heard else apologised_since(item),
        sitting=sitting or signing.dumps([item.pk, now.isoformat()], salt=SALT),
    )


def opened_at(item: FeedbackItem, sitting: str) -> datetime | None:
    """When the page was opened, as we signed it; None for anything else."""
    try:
        pk, at = signing.loads(sitting, salt=SALT)
    except signing.BadSignature:
        return None
    return datetime.fromisoformat(at) if pk == item.pk else None


def tab_of(item: FeedbackItem) -> str:
    return next(tab for tab, status in TABS.items() if status == item.status)


def _tabs(current: str, waiting: int) -> list[dict[str, Any]]:
    url = reverse("desk:feedback")
    return [
        {
            "url": url if tab == "waiting" else f"{url}?tab={tab}",
            "name": name,
            "count": waiting if tab == "waiting" else None,
            "current": tab == current,
        }
        for tab, name in NAMES.items()
    ]
