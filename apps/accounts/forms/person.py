from typing import Any

from django import forms

from ..models import Role, Shop, Team, User
from .week import OwnWeekForm

EMAIL_TAKEN = "Somebody here already signs in with this address. Open that person, or use another address."


def clean_new_email(email: str, but: User | None = None) -> str:
    """The address as it is kept, unless somebody else has it."""
    email = email.strip().lower()
    if User.objects.exclude(pk=but.pk if but else 0).filter(email=email).exists():
        raise forms.ValidationError(EMAIL_TAKEN)
    return email


class AddPersonForm(forms.Form):
    name = forms.CharField(max_length=120, help_text="As colleagues say it.")
    email = forms.EmailField(label="E-mail", help_text="To sign in with.")
    role = forms.ChoiceField(choices=Role.choices, initial=Role.REP)
    team = forms.ModelChoiceField(Team.objects.all(), required=False, empty_label="No team")

    def clean_email(self) -> str:
        return clean_new_email(self.cleaned_data["email"])


class PersonForm(OwnWeekForm):
    name = forms.CharField(max_length=120)
    email = forms.EmailField(label="E-mail")
    role = forms.ChoiceField(choices=Role.choices)
    team = forms.ModelChoiceField(Team.objects.all(), required=False, empty_label="No team")
    is_active = forms.BooleanField(
        label="May sign in", required=False, help_text="Switch it off when somebody leaves. Their work stays."
    )
    deputy = forms.ModelChoiceField(
        User.objects.filter(is_active=True, role__in=[Role.MANAGER, Role.ADMIN]),
        required=False,
        empty_label="Whoever of the team is here",
        help_text="Decides on apologies while they are away, and when one is owed by now.",
    )
    field_order = ("name", "email", "role", "team", "deputy", "is_active", "as_shop")

    def __init__(self, *args: Any, person: User, shop: Shop, **kwargs: Any) -> None:
        names = ("name", "email", "role", "team", "deputy", "is_active")
        initial = {name: getattr(person, name) for name in names}
        super().__init__(*args, initial=initial, shop_week=shop.hours, own_week=person.hours, **kwargs)
        self.person = person
        deputies: Any = self.fields["deputy"]
        deputies.queryset = deputies.queryset.exclude(pk=person.pk)

    def clean_email(self) -> str:
        return clean_new_email(self.cleaned_data["email"], but=self.person)


class TeamForm(forms.Form):
    name = forms.CharField(max_length=60, label="Name of the team")

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Team.objects.exclude(pk=self.team.pk if self.team else 0)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError("There is a team of this name. Choose another.")
        return name
