from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from apps.accounts.urls import door_urlpatterns
from carecrm.health_pages import healthz, readyz

# The back office has no door of its own: one sign-in, with its limits
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("apps.desk.urls")),
    path("", include("apps.writing.urls")),
    path("", include("apps.accounts.urls")),
    path("mail/", include("apps.outreach.urls")),
    path("", include(door_urlpatterns)),
    path("api/", include("apps.integrations.urls")),
    path("admin/", admin.site.urls),
]
