from django.urls import path

from . import budgets, ledger, rows, views

urlpatterns = [
    path("reports/failures/", views.failures, name="failures"),
    path("reports/failures/table.csv", views.failures_csv, name="failures_csv"),
    path("reports/failures/rows/", rows.failure_rows, name="failure_rows"),
    path("reports/failures/rows.csv", rows.failure_rows_csv, name="failure_rows_csv"),
    path("reports/budgets/", budgets.budgets, name="budgets"),
    path("reports/budgets/ledger.csv", ledger.ledger_csv, name="ledger_csv"),
]
