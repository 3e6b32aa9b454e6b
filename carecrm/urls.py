from django.contrib import admin
from django.urls import include, path

from carecrm.health_pages import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("apps.desk.urls")),
    path("", include("apps.accounts.urls")),
    path("sign-in/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
