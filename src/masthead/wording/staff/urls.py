"""Addresses below the admin's."""

from __future__ import annotations

from django.urls import path

from masthead.wording.staff import views

app_name = "wording"

urlpatterns = [
    path("", views.Phrases.as_view(), name="list"),
    path("<slug:language>/<slug:name>/", views.OnePhrase.as_view(), name="phrase"),
]
