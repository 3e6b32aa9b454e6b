from typing import Any
from zoneinfo import available_timezones

from django import forms

from apps.accounts.models import Shop
from apps.core.csv_reader import UnusableFile
from apps.integrations.shop_import import KINDS, SOURCE_LIMIT
from apps.integrations.shop_settings import known_country, known_currency

NO_FILE = "Choose at least one of the three files."
HELP = {
    "customers": "One row per customer: an id, and a name, e-mail, phone, country where you have them.",
    "orders": "One row per order: customer, date, amount; promised and delivered days where you have them.",
    "feedback": "One row per review or survey answer: id, order or customer, date, score, words.",
}


class ImportForm(forms.Form):
    source = forms.SlugField(
        max_length=SOURCE_LIMIT,
        initial="shop",
        label="Where do the files come from?",
        help_text="A short name, the same each time: rows are known by it and their id.",
    )
    customers, orders, feedback = (
        forms.FileField(
            required=False,
            label=f"{kind.capitalize()} file",
            help_text=HELP[kind],
            widget=forms.ClearableFileInput(attrs={"accept": ".csv,.gz,text/csv"}),
        )
        for kind in ("customers", "orders", "feedback")
    )

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not shop.configured_at:
            self.fields |= first_settings(shop)

    @property
    def asks_settings(self) -> bool:
        return "time_zone" in self.fields

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.files_given():
            raise forms.ValidationError(NO_FILE)
        return cleaned

    def files_given(self) -> dict[str, Any]:
        return {kind: self.cleaned_data[kind] for kind in KINDS if self.cleaned_data.get(kind)}

    def options(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in ("time_zone", "currency", "country")}

    def clean_currency(self) -> str:
        return self._known(known_currency, "currency")

    def clean_country(self) -> str:
        return self._known(known_country, "country")

    def _known(self, check: Any, name: str) -> str:
        try:
            return str(check(self.cleaned_data[name]))
        except UnusableFile as fault:
            raise forms.ValidationError(str(fault)) from None


def first_settings(shop: Shop) -> dict[str, forms.Field]:
    """What the first import sets for good."""
    zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return {
        "time_zone": forms.ChoiceField(
            choices=[("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)],
            initial=shop.time_zone,
            help_text="Where the shop's clocks hang: times in the files are told in it.",
        ),
        "currency": forms.CharField(
            max_length=3, min_length=3, initial=shop.currency, help_text="Three letters, like EUR."
        ),
        "country": forms.CharField(
            max_length=2,
            required=False,
            initial=shop.country,
            help_text="Two letters, like DE: for public holidays and phone numbers.",
        ),
    }
