"""Addresses of this app's own pages. Those that allauth knows by name are in ``entrance.py``."""

from django.urls import path

from masthead.accounts import views

app_name = "accounts"

urlpatterns = [
    path("-/sign-in/<str:token>/", views.sign_in_link, name="sign-in-link"),
    path("accounts/profile/", views.profile, name="profile"),
]
