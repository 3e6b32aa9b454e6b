"""The product's addresses and one more: the frame around one line, as the least that a page can be."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path

from apps.core.http import Request
from carecrm.urls import urlpatterns as of_the_product

PAGE = '{% extends "base.html" %}{% block content %}<div class="page"><h1>A line</h1></div>{% endblock %}'


def minimal(request: Request) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


urlpatterns = [path("minimal/", minimal), *of_the_product]
