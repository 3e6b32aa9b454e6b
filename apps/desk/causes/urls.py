from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("causes/", views.causes, name="causes"),
    path("causes/open/", views.open_cause, name="open_cause"),
    path("causes/<int:pk>/", views.cause, name="cause"),
    path("causes/<int:pk>/decide/", views.decide_cause, name="decide_cause"),
    path("causes/<int:pk>/approve/", views.approve_cause, name="approve_cause"),
    path("causes/<int:pk>/improvement/", views.link_improvement, name="link_improvement"),
    path("problems/<int:pk>/cause/", views.name_cause, name="name_cause"),
    path("problems/<int:pk>/no-cause/", views.remove_incident, name="remove_incident"),
]
