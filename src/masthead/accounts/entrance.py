"""The pages of signing in and out, under the names that allauth calls them by.

Only those that have a page here: no password, social or address-management screens.
"""

from django.urls import path, re_path
from django.views.generic import RedirectView

from masthead.accounts.views import doors
from masthead.accounts.views import entrance as views

urlpatterns = [
    path("login/", views.sign_in, name="account_login"),
    path(
        "login/code/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="account_request_login_code",
    ),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("login/password/", views.PasswordSignIn.as_view(), name="account_password_sign_in"),
    path("signup/", views.sign_up, name="account_signup"),
    path("confirm-email/", views.confirm_address, name="account_email_verification_sent"),
    # A forgotten password is no trouble: a code gets its owner in.
    path("password/reset/", RedirectView.as_view(pattern_name="account_login"), name="account_reset_password"),
    path("email/", RedirectView.as_view(pattern_name="accounts:profile"), name="account_email"),
    path("passkeys/", doors.passkeys, name="mfa_list_webauthn"),
    path("passkeys/", doors.passkeys, name="mfa_index"),
    path("passkeys/sign-in/", doors.passkey_sign_in, name="mfa_login_webauthn"),
    path("passkeys/<int:key>/remove/", doors.passkey_remove, name="mfa_remove_webauthn"),
    re_path("^(?P<provider_id>oidc)/login/$", doors.provider_sign_in, name="openid_connect_login"),
    re_path("^(?P<provider_id>oidc)/login/callback/$", doors.provider_answer, name="openid_connect_callback"),
    path("logout/", views.sign_out, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
]
