from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("customers/", views.customers, name="customers"),
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/note/", views.write_customer_note, name="customer_note"),
    path("customers/<int:pk>/permissions/", views.change_permissions, name="customer_permissions"),
]
