from django.urls import path

from . import mailing, views

urlpatterns = [
    path("calls/next/", views.take_next, name="take_next"),
    path("calls/<int:pk>/", views.workspace, name="workspace"),
    path("calls/<int:pk>/start/", views.start, name="start_task"),
    path("calls/<int:pk>/outcome/", views.outcome, name="outcome"),
    path("calls/<int:pk>/mail/", mailing.send, name="send_mail"),
    path("calls/<int:pk>/notes/", views.notes, name="notes"),
    path("calls/<int:pk>/stay/", views.stay, name="stay"),
    path("calls/<int:pk>/release/", views.release, name="release"),
    path("calls/<int:pk>/found/", views.found, name="found_way"),
    path("calls/<int:pk>/problem/", views.report_incident, name="call_problem"),
    path("calls/attempts/<int:pk>/undo/", views.undo_outcome, name="undo_outcome"),
]
