"""The people who work at the demo shop."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import Role, Team, User

DOMAIN = "ternandthistle.example"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read as something else
HARBOUR, LIGHTHOUSE = "Harbour", "Lighthouse"
TEAMS = [HARBOUR, LIGHTHOUSE]


@dataclass(frozen=True)
class Person:
    name: str
    role: Role
    team: str = ""
    zone: str = ""

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.').replace('-', '')}@{DOMAIN}"


PEOPLE = [
    Person("Ana Duarte", Role.REP, HARBOUR),
    Person("Jonas Lind", Role.REP, HARBOUR),
    Person("Mei-Ling Zhao", Role.REP, HARBOUR),
    Person("Tom Brook", Role.REP, LIGHTHOUSE),
    Person("Samira Haddad", Role.REP, LIGHTHOUSE, "Europe/London"),
    Person("Ida Holm", Role.MANAGER, HARBOUR),
    Person("Max Weber", Role.MANAGER, LIGHTHOUSE),
    Person("Vera Sand", Role.MANAGER),  # of no team: sees both
    Person("Lea Roth", Role.MARKETER),
    Person("Noor Okafor", Role.ADMIN),
]


@dataclass(frozen=True)
class Staff:
    reps: list[User]
    managers: list[User]
    marketer: User
    admin: User


@dataclass(frozen=True)
class SignIn:
    """How one of them signs in on this installation."""

    user: User
    password: str


def hire(*, now: datetime) -> tuple[Staff, list[SignIn]]:
    """Make teams and people, each with a password that only this installation has."""
    teams = {name: Team.objects.get_or_create(name=name)[0] for name in TEAMS}
    sign_ins = [_sign_in(person, teams.get(person.team), now) for person in PEOPLE]
    by_role = {role: [each.user for each in sign_ins if each.user.role == role] for role in Role}
    marketer, admin = by_role[Role.MARKETER][0], by_role[Role.ADMIN][0]
    return Staff(by_role[Role.REP], by_role[Role.MANAGER], marketer, admin), sign_ins


def _sign_in(person: Person, team: Team | None, now: datetime) -> SignIn:
    password = new_password()
    user = User.objects.create_user(
        person.email,
        password,
        name=person.name,
        role=person.role,
        team=team,
        time_zone=person.zone,
        is_demo=True,
        is_superuser=person.role == Role.ADMIN,
        date_joined=now,
    )
    return SignIn(user, password)


def new_password() -> str:
    """Fifteen signs in groups of five, easy to read out: 74 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(3))
