from django.urls import path

from . import suppressed, templates, views

urlpatterns = [
    path("mails/", views.mails, name="mails"),
    path("mails/<int:pk>/", views.mail, name="mail"),
    path("mails/<int:pk>/take-back/", views.take_back, name="take_back_mail"),
    path("mails/<int:pk>/again/", views.again, name="send_mail_again"),
    path("mails/<int:pk>/arrived/", views.arrived, name="mail_arrived"),
    path("mails/<int:pk>/not-arrived/", views.not_arrived, name="mail_not_arrived"),
    path("mails/<int:pk>/aside/", views.aside, name="set_mail_aside"),
    path("mails/templates/", templates.templates, name="mail_templates"),
    path("mails/templates/new/", templates.new_template, name="new_mail_template"),
    path("mails/templates/<int:pk>/", templates.template, name="mail_template"),
    path("mails/suppressed/", suppressed.suppressed, name="suppressed"),
    path("mails/suppressed/<int:pk>/lift/", suppressed.lift, name="lift_suppression"),
]
