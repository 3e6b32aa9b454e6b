"""One's own account, the people, the shop."""

from django.urls import path

from .views import account, theme

app_name = "accounts"

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/theme/", theme.theme, name="theme"),
]
