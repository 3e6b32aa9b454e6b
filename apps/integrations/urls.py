from django.urls import path

from .redemptions import redemptions

app_name = "integrations"

urlpatterns = [path("redemptions/", redemptions, name="redemptions")]
