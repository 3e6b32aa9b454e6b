"""The checked text box: a plain text area, the marks behind it, and its findings below."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from .models import Reason
from .shown import Shown, told


class CheckedTextarea(forms.Textarea):
    """Its words are checked as they are written.

    shown: the findings that come with the page; is_read says that its text was read for them.
    channel, play: what the checker is told (apps.language.Context). folded: the findings stand behind their
    count, for a page that must not move under the hand.
    """

    def __init__(
        self, *, channel: str, play: str = "", folded: bool = False, attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__(attrs)
        self.channel, self.play, self.folded = channel, play, folded
        self.shown: list[Shown] = []
        self.is_read = False

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        own_id = (attrs or {}).get("id") or self.attrs.get("id") or f"id_{name}"
        described = [(attrs or {}).get("aria-describedby"), f"{own_id}_found"]
        own = {
            "id": own_id,
            "data-check": reverse("writing:check"),
            "data-channel": self.channel,
            "data-play": self.play,
            "data-read": self.is_read,
            "aria-describedby": " ".join(filter(None, described)),
        }
        textarea = super().render(name, value, {**(attrs or {}), **own}, renderer)
        facts = {"textarea": textarea, "box_id": own_id, "folded": self.folded}
        return render_to_string("writing/box.html", {**facts, **findings_context(name, self.shown)})


def findings_context(name: str, shown: list[Shown]) -> dict[str, Any]:
    """What templates/writing/_findings.html shows."""
    return {
        "name": name,
        "shown": shown,
        "told": told(shown),
        "reasons": Reason.choices,
    }
