from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from ..models import Shop, User
from ..places_of_the_world import zone_choices
from .week import OwnWeekForm

WRONG_PASSWORD = "This is not your password of today. Try again, or ask an admin for a new one."  # noqa: S105
DIFFERENT = "The two are not the same. Write the new password once more in both."


class AccountForm(OwnWeekForm):
    name = forms.CharField(max_length=120, help_text="As colleagues say it.")
    time_zone = forms.ChoiceField(required=False, help_text="The times you see. Customers keep their own.")
    single_keys = forms.BooleanField(
        label="Single keys on",
        required=False,
        help_text="J and K to move, 1 to 8 for an outcome, ? for the list.",
    )
    field_order = ("name", "time_zone", "single_keys", "as_shop")

    def __init__(self, *args: Any, user: User, shop: Shop, **kwargs: Any) -> None:
        initial = {name: getattr(user, name) for name in ("name", "time_zone", "single_keys")}
        super().__init__(*args, initial=initial, shop_week=shop.hours, own_week=user.hours, **kwargs)
        of_the_shop = ("", f"The shop's, {shop.time_zone}")
        self.fields["time_zone"].choices = [of_the_shop, *zone_choices()]  # type: ignore[attr-defined]
        self.fields["as_shop"].label = "I work the shop's hours"


class PasswordForm(forms.Form):
    current = forms.CharField(
        label="Password of today", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label="New password",
        help_text="12 letters or more. Three or four words that do not belong together are good.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="New password, once more", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise forms.ValidationError(WRONG_PASSWORD)
        return current

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        return new

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError(DIFFERENT)
        return again
