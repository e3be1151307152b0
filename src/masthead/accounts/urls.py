"""Addresses of this app's own pages. Those that allauth knows by name are in ``entrance.py``."""

from django.urls import path

from masthead.accounts.views import doors, tokens
from masthead.accounts.views import entrance as views

app_name = "accounts"

urlpatterns = [
    path("-/sign-in/<str:token>/", views.sign_in_link, name="sign-in-link"),
    path("accounts/link/", doors.link, name="link"),
    path("accounts/unlink/", doors.unlink, name="unlink"),
    path("accounts/tokens/", tokens.tokens, name="tokens"),
    path("accounts/tokens/<int:token_id>/revoke/", tokens.token_revoke, name="token-revoke"),
    path("accounts/profile/", views.profile, name="profile"),
]
