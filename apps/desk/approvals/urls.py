from django.urls import URLPattern, path

from . import problems, views

urlpatterns: list[URLPattern] = [
    path("approvals/", views.approvals, name="approvals"),
    path("approvals/<int:pk>/", views.offer, name="offer"),
    path("approvals/<int:pk>/approve/", views.approve_offer, name="approve_offer"),
    path("approvals/<int:pk>/return/", views.return_offer, name="return_offer"),
    path("approvals/<int:pk>/decline/", views.decline_offer, name="decline_offer"),
    path("approvals/<int:pk>/edit/", views.edit_offer, name="edit_offer"),
    path("customers/<int:pk>/problem/", problems.report_problem, name="report_incident"),
]
