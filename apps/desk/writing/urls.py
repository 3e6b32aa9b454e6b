from django.urls import path

from . import kept, rules

urlpatterns = [
    path("words/kept/", kept.kept_words, name="kept_words"),
    path("words/kept.csv", kept.kept_csv, name="kept_csv"),
    path("words/rules/", rules.rules, name="rules"),
]
