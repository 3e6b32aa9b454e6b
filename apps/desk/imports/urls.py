from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("imports/", views.imports, name="imports"),
    path("imports/<int:pk>/", views.import_run, name="import_run"),
    path("imports/<int:pk>/rejects/", views.import_rejects, name="import_rejects"),
]
