from datetime import time
from typing import Any

from django import forms

from ..models import Shop
from ..places_of_the_world import country_choices, currency_choices, subdivisions, zone_choices
from .week import WeekForm

EARLIEST, LATEST = time(8), time(21)
NAMES = (
    "name",
    "time_zone",
    "currency",
    "country",
    "subdivision",
    "calls_from",
    "calls_until",
)
TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class ShopForm(WeekForm):
    name = forms.CharField(max_length=120, label="Name of the shop")
    time_zone = forms.ChoiceField(choices=zone_choices, help_text="Days begin and end here.")
    currency = forms.ChoiceField(
        choices=lambda: [("", "Not set"), *currency_choices()],
        required=False,
        help_text="A file in another currency is refused.",
    )
    country = forms.ChoiceField(
        choices=lambda: [("", "Not set"), *country_choices()],
        required=False,
        help_text="Its public holidays are no business days.",
    )
    subdivision = forms.CharField(
        max_length=6,
        required=False,
        label="State or region",
        help_text="Its code, such as BY.",
    )
    calls_from = forms.TimeField(label="First call", widget=TIME, help_text="Where the customer is.")
    calls_until = forms.TimeField(label="Last call", widget=TIME, help_text="Where the customer is.")

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        initial = {name: getattr(shop, name) for name in NAMES}
        super().__init__(*args, initial=initial, week=shop.week(), **kwargs)

    def clean_subdivision(self) -> str:
        return str(self.cleaned_data["subdivision"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._check_region(cleaned)
        self._check_calls(cleaned)
        if not self.errors and not self.week():
            self.add_error("day_0", "Write the hours of at least one day.")
        return cleaned

    def _check_region(self, cleaned: dict[str, Any]) -> None:
        region, country = cleaned.get("subdivision"), cleaned.get("country", "")
        known = subdivisions(country)
        if region and region not in known:
            few = ", ".join(known[:6]) or "none"
            self.add_error("subdivision", f"We do not know this region of that country. Known: {few}.")

    def _check_calls(self, cleaned: dict[str, Any]) -> None:
        first, last = cleaned.get("calls_from"), cleaned.get("calls_until")
        if first and first < EARLIEST:
            self.add_error("calls_from", "Nobody is called before 08:00. Choose a later time.")
        if last and last > LATEST:
            self.add_error("calls_until", "Nobody is called after 21:00. Choose an earlier time.")
        if first and last and first >= last:
            self.add_error("calls_until", "The last call must be later than the first.")

    def values(self) -> dict[str, Any]:
        return {**{name: self.cleaned_data[name] for name in NAMES}, "hours": self.week()}
