"""Light, dark or as the system says: a cookie that the server reads, so that nothing flashes."""

from django.http import HttpRequest, HttpResponse

COOKIE = "theme"
THEMES = frozenset({"light", "dark"})
ONE_YEAR = 365 * 24 * 60 * 60


def theme_of(request: HttpRequest) -> str:
    theme = request.COOKIES.get(COOKIE, "")
    return theme if theme in THEMES else ""


def keep_theme(response: HttpResponse, theme: str, *, secure: bool) -> None:
    """Anything but a known theme goes back to the system's."""
    if theme in THEMES:
        response.set_cookie(COOKIE, theme, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=secure)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
