from django.urls import path

from . import views

app_name = "writing"

urlpatterns = [path("writing/check/", views.check_draft, name="check")]
