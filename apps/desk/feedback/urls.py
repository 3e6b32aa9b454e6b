from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/<int:pk>/", views.feedback_item, name="feedback_item"),
    path("feedback/<int:pk>/answer/", views.answer_feedback, name="answer_feedback"),
    path("feedback/<int:pk>/draft/", views.save_reply, name="save_reply"),
    path("feedback/<int:pk>/no-reply/", views.close_feedback, name="close_feedback"),
    path("feedback/<int:pk>/reopen/", views.reopen_feedback, name="reopen_feedback"),
]
