from django.urls import URLPattern, path

from . import deciding, incidents, letters, problems, taking_back, views

urlpatterns: list[URLPattern] = [
    path("approvals/", views.approvals, name="approvals"),
    path("approvals/approve/", deciding.approve_chosen, name="approve_chosen"),
    path("approvals/<int:pk>/", views.offer, name="offer"),
    path("approvals/<int:pk>/approve/", deciding.approve_offer, name="approve_offer"),
    path("approvals/<int:pk>/lower/", deciding.lower_offer, name="lower_offer"),
    path("approvals/<int:pk>/return/", deciding.return_offer, name="return_offer"),
    path("approvals/<int:pk>/decline/", deciding.decline_offer, name="decline_offer"),
    path("approvals/<int:pk>/withdraw/", deciding.withdraw_offer, name="withdraw_offer"),
    path("approvals/<int:pk>/hand-over/", deciding.hand_over_offer, name="hand_over_offer"),
    path("approvals/<int:pk>/edit/", deciding.edit_offer, name="edit_offer"),
    path("approvals/<int:pk>/take-back/", taking_back.take_back_given, name="take_back_given"),
    path("approvals/<int:pk>/letter.pdf", letters.letter_pdf, name="letter_pdf"),
    path("approvals/<int:pk>/print/", letters.print_letter, name="print_letter"),
    path("approvals/<int:pk>/answered/", letters.they_answered, name="they_answered"),
    path("customers/<int:pk>/problem/", problems.report_problem, name="report_incident"),
    path("problems/<int:pk>/close/", incidents.close_incident, name="close_incident"),
    path("problems/<int:pk>/reopen/", incidents.reopen_incident, name="reopen_incident"),
]
