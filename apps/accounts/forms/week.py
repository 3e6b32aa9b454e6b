"""A working week as seven lines of text."""

from typing import Any

from django import forms

from ..hours import DAYS, HOW_TO_WRITE, Spans, Week, parse_spans, spans_text


class SpansField(forms.CharField):
    """The shifts of one day, as a person writes them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=80, **kwargs)

    def clean(self, value: Any) -> Spans:
        try:
            return parse_spans(super().clean(value))
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from None

    def prepare_value(self, value: Any) -> Any:
        return spans_text(value) if isinstance(value, list) else value


class WeekForm(forms.Form):
    """Seven days; a day left empty is a day off."""

    hours_help = f"{HOW_TO_WRITE} An empty day is a day off."

    def __init__(self, *args: Any, week: Week | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, day in enumerate(DAYS):
            self.fields[f"day_{number}"] = SpansField(label=day, initial=(week or {}).get(str(number), []))

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day_{number}"] for number in range(7)]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """Everything but the days, in order."""
        return [self[name] for name in self.fields if not name.startswith("day_")]

    def week(self) -> Week:
        spans = {str(number): self.cleaned_data[f"day_{number}"] for number in range(7)}
        return {day: shifts for day, shifts in spans.items() if shifts}


class OwnWeekForm(WeekForm):
    """A person's week: the shop's, or their own."""

    as_shop = forms.BooleanField(label="Works the shop's hours", required=False)

    def __init__(self, *args: Any, shop_week: Week, own_week: Week | None, **kwargs: Any) -> None:
        super().__init__(*args, week=own_week or shop_week, **kwargs)
        self.fields["as_shop"].initial = own_week is None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("as_shop") and not self.errors and not self.week():
            self.add_error("as_shop", "Write the hours of at least one day, or choose the shop's hours.")
        return cleaned

    def own_week(self) -> Week | None:
        return None if self.cleaned_data["as_shop"] else self.week()
