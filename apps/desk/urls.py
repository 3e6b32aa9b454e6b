"""The pages, by area: each area lists its own."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "desk"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.desk.customers.urls")),
    path("", include("apps.desk.imports.urls")),
    path("", include("apps.desk.today.urls")),
    path("", include("apps.desk.calls.urls")),
    path("", include("apps.desk.feedback.urls")),
    path("", include("apps.desk.approvals.urls")),
    path("", include("apps.desk.causes.urls")),
    path("", include("apps.desk.campaigns.urls")),
    path("", include("apps.desk.help.urls")),
    path("", include("apps.desk.mails.urls")),
    path("", include("apps.desk.search.urls")),
    path("", include("apps.desk.shift.urls")),
    path("", include("apps.desk.failures.urls")),
    path("", include("apps.desk.writing.urls")),
]
