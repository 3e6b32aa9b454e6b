from django.urls import path

from . import views

urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/<int:pk>/", views.campaign, name="campaign"),
    path("campaigns/<int:pk>/settings/", views.settings, name="campaign_settings"),
    path("campaigns/<int:pk>/on/", views.on, name="campaign_on"),
    path("campaigns/<int:pk>/off/", views.off, name="campaign_off"),
    path("campaigns/<int:pk>/list.csv", views.list_csv, name="campaign_list"),
]
