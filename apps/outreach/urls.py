"""What the mail provider and the customers tell back. Public: each proves itself by what it carries."""

from django.urls import path

from .views import events, replies, unsubscribe

app_name = "outreach"

urlpatterns = [
    path("events/", events.events, name="events"),
    path("replies/<str:secret>/", replies.replies, name="replies"),
    path("unsubscribe/<str:token>/", unsubscribe.unsubscribe_page, name="unsubscribe"),
]
