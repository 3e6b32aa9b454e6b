"""The door, one's own account, the people, the shop."""

from allauth.account import views as door
from django.urls import path

from .views import absences, account, people, shop, teams, theme

app_name = "accounts"

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/theme/", theme.theme, name="theme"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="add_person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/password/", people.reset, name="reset_password"),
    path("people/<int:pk>/away/", absences.add, name="add_absence"),
    path("people/away/<int:pk>/remove/", absences.remove, name="remove_absence"),
    path("people/teams/", teams.teams, name="teams"),
    path("people/teams/<int:pk>/rename/", teams.rename, name="rename_team"),
    path("people/teams/<int:pk>/delete/", teams.delete, name="delete_team"),
    path("settings/", shop.shop, name="shop"),
]

# The few pages of allauth that are used: nobody signs up, and no mail is set up to send links with
door_urlpatterns = [
    path("sign-in/", door.login, name="account_login"),
    path("sign-in/closed/", door.account_inactive, name="account_inactive"),
    path("sign-out/", door.logout, name="account_logout"),
]
