"""Addresses below the admin's."""

from __future__ import annotations

from django.urls import path

from masthead.hooks.staff import acts, views

app_name = "hooks"

urlpatterns = [
    path("", views.HookList.as_view(), name="list"),
    path("add/", views.HookAdd.as_view(), name="add"),
    path("<slug:hook>/", views.HookPage.as_view(), name="hook"),
    path("<slug:hook>/change/", views.HookChange.as_view(), name="change"),
    path("<slug:hook>/delete/", acts.HookDelete.as_view(), name="delete"),
    path("<slug:hook>/test/", acts.HookTest.as_view(), name="test"),
    path("<slug:hook>/secret/", acts.HookRotate.as_view(), name="rotate"),
    path("<slug:hook>/switch/", acts.HookSwitch.as_view(), name="switch"),
    path("<slug:hook>/again/", acts.AllAgain.as_view(), name="all-again"),
    path("<slug:hook>/again/<slug:delivery>/", acts.OneAgain.as_view(), name="again"),
]
