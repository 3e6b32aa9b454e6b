from django.urls import path

from . import agents, contacts, entries, plan, views

urlpatterns = [
    path("shift/", views.shift, name="shift"),
    path("shift/table.csv", views.shift_csv, name="shift_csv"),
    path("shift/entries/", entries.entries, name="entries"),
    path("shift/plan/", plan.plan, name="plan"),
    path("shift/plan/stairs/", plan.fill_plan, name="fill_plan"),
    path("shift/agents/", agents.agents, name="agents"),
    path("shift/agents/match/", agents.match, name="match_agent"),
    path("shift/agents/<int:pk>/part/", agents.part, name="part_agent"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/log/", contacts.log, name="log_contact"),
    path("contacts/<int:pk>/", contacts.correct, name="correct_contact"),
    path("contacts/<int:pk>/take-back/", contacts.take_back, name="take_back_contact"),
]
