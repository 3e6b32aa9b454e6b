from django.urls import URLPattern, path

from . import failures, views

urlpatterns: list[URLPattern] = [
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/<int:pk>/", views.feedback_item, name="feedback_item"),
    path("feedback/<int:pk>/answer/", views.answer_feedback, name="answer_feedback"),
    path("feedback/<int:pk>/draft/", views.save_reply, name="save_reply"),
    path("feedback/<int:pk>/no-reply/", views.close_feedback, name="close_feedback"),
    path("feedback/<int:pk>/failure/", failures.confirm_failure, name="confirm_failure"),
    path("feedback/<int:pk>/no-failure/", failures.dismiss_failure, name="dismiss_failure"),
    path("feedback/<int:pk>/reopen/", views.reopen_feedback, name="reopen_feedback"),
]
