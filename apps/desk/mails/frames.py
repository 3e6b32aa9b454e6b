"""Pages that show a mail's HTML part in a sandboxed frame.

The frame holds no scripts and takes over the page's policy; the one thing that such a page allows beside the
site's own is the style sheet of our letter, by its hash.
"""

import hashlib
from base64 import b64encode
from collections.abc import Callable
from functools import cache, wraps
from typing import Concatenate, ParamSpec

from csp.constants import SELF
from django.http import HttpResponseBase
from django.template.loader import render_to_string

from apps.core.http import Request

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponseBase]


def shows_mails(view: View[P]) -> View[P]:
    @wraps(view)
    def shown(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response._csp_update = {"style-src": [SELF, letter_style()]}  # type: ignore[attr-defined]
        return response

    return shown


@cache
def letter_style() -> str:
    """The source expression of the letter's style sheet, as templates/mail/letter.html holds it."""
    style = render_to_string("mail/letter.css").encode()
    return f"'sha256-{b64encode(hashlib.sha256(style).digest()).decode()}'"
