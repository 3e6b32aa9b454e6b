from typing import Any

from allauth.account.forms import LoginForm


class DoorForm(LoginForm):  # type: ignore[misc]
    """Sign-in: the labels stand above, so the fields hold no words of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs.update(autocomplete="username", autofocus=True)
