from django.test import Client

from apps.accounts.models import Team, User
from apps.core.models import Event


def test_an_admin_adds_renames_and_deletes_a_team(client: Client, admin: User, rep: User) -> None:
    client.force_login(admin)
    client.post("/people/teams/", {"name": "Evenings"})
    evenings = Team.objects.get(name="Evenings")
    client.post(f"/people/teams/{evenings.pk}/rename/", {"name": "Late shift"})
    assert Team.objects.get(pk=evenings.pk).name == "Late shift"
    User.objects.filter(pk=rep.pk).update(team=evenings)
    answer = client.post(f"/people/teams/{evenings.pk}/delete/", follow=True)
    rep.refresh_from_db()
    assert rep.team is None
    assert "Late shift is no team any more" in answer.content.decode()
    verbs = Event.objects.filter(subject="accounts.team").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["added", "renamed", "deleted"]


def test_a_name_is_used_once(client: Client, admin: User, team: Team) -> None:
    client.force_login(admin)
    answer = client.post("/people/teams/", {"name": team.name.upper()})
    assert "There is a team of this name" in answer.content.decode()
    client.post("/people/teams/", {"name": "Stores"})
    stores = Team.objects.get(name="Stores")
    answer = client.post(f"/people/teams/{stores.pk}/rename/", {"name": team.name}, follow=True)
    assert "There is a team of this name" in answer.content.decode()
    assert Team.objects.get(pk=stores.pk).name == "Stores"
