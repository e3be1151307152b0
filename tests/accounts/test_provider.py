"""Signing in through an OpenID Connect provider: known by provider and subject, never by an address (rule 1)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail

from masthead.accounts.models import User
from masthead.accounts.testing import make_publisher
from tests.accounts.oidc import CLIENT, Provider, come_back
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(provider: Provider) -> CheckingClient:
    """A browser on its way to the provider."""
    return visitor(provider)


def visitor(provider: Provider) -> CheckingClient:
    """Return one more browser."""
    client = CheckingClient()
    client.__dict__["provider"] = provider
    return client


def user_in(client: CheckingClient) -> str | None:
    """Return whose account is signed in, as the session says."""
    return client.session.get("_auth_user_id")


def code_by_mail(client: CheckingClient, address: str, path: str) -> Any:
    """Sign in by our own mail."""
    sent = client.post(path, {"login": address})
    found = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return client.post(sent["Location"], {"code": found[1]})


def test_the_door_is_shown_only_where_the_site_names_a_provider(client: CheckingClient) -> None:
    assert "oidc" not in client.get("/accounts/login/").content.decode()


def test_the_door_leads_to_the_provider_with_a_state_and_a_proof_key(
    browser: CheckingClient, provider: Provider
) -> None:
    assert "Sign in with Harbour University" in browser.get("/accounts/login/").content.decode()
    address = browser.get("/accounts/oidc/login/")["Location"]
    assert address.startswith(f"{provider.address}/authorize?")
    for part in (f"client_id={CLIENT}", "state=", "code_challenge="):
        assert part in address


def test_rule_1_a_provider_that_vouches_for_an_address_opens_no_account(browser: CheckingClient, ada: User) -> None:
    """CVE-2024-9488: an address from a provider, matched to a local account, let anybody in."""
    for verified in (True, False):
        reply = come_back(browser, sub="mallory", email=ada.email, email_verified=verified)
        assert reply["Location"].startswith("/accounts/login/")
        assert user_in(browser) is None
    assert not SocialAccount.objects.exists()


def test_rule_1_nor_a_publishers(browser: CheckingClient) -> None:
    """CVE-2025-13820: the same through another provider; whoever has the most to lose."""
    eve = make_publisher()
    come_back(browser, sub="mallory", email=eve.email, email_verified=True, name="Eve")
    assert user_in(browser) is None
    assert not SocialAccount.objects.exists()


def test_rule_1_no_account_is_made_or_proven_on_a_providers_word(browser: CheckingClient) -> None:
    """Nor is one laid out for somebody who comes later: it would be the provider's person's, too."""
    come_back(browser, sub="mallory", email="victim@example.org", email_verified=True)
    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()


def test_our_own_mail_and_a_button_link_the_two_and_then_the_provider_lets_in(
    browser: CheckingClient, provider: Provider, ada: User
) -> None:
    door = come_back(browser, sub="ada-there", email="other@elsewhere.example", email_verified=True)["Location"]
    done = code_by_mail(browser, ada.email, door)
    assert done["Location"] == "/accounts/link/"
    assert not SocialAccount.objects.exists()
    assert "Harbour University knows you" in browser.get("/accounts/link/").content.decode()
    browser.post("/accounts/link/")
    assert SocialAccount.objects.get().user == ada
    assert SocialAccount.objects.get().extra_data == {}
    later = visitor(provider)
    come_back(later, sub="ada-there", email="changed@elsewhere.example")
    assert user_in(later) == str(ada.pk)
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [ada.email]
    assert SocialAccount.objects.get().extra_data == {}


def test_who_is_signed_in_links_by_the_button_alone(browser: CheckingClient, ada: User) -> None:
    browser.force_login(ada)
    assert come_back(browser, sub="ada-there")["Location"] == "/accounts/link/"
    browser.post("/accounts/link/")
    assert SocialAccount.objects.get().user == ada
    assert "Harbour University lets you in here." in browser.get("/accounts/profile/").content.decode()
    browser.post("/accounts/unlink/")
    assert not SocialAccount.objects.exists()


def test_a_link_is_never_taken_over(browser: CheckingClient, provider: Provider, ada: User, ben: User) -> None:
    SocialAccount.objects.create(user=ada, provider="oidc", uid="ada-there")
    browser.force_login(ben)
    come_back(browser, sub="ada-there")
    assert list(SocialAccount.objects.values_list("user_id", flat=True)) == [ada.pk]
    assert user_in(browser) == str(ada.pk)


def test_a_foreign_state_is_refused(browser: CheckingClient, ada: User) -> None:
    SocialAccount.objects.create(user=ada, provider="oidc", uid="ada-there")
    refused = come_back(browser, sub="ada-there", state="forged")
    assert refused.status_code == 502
    assert "have a code sent by mail" in refused.content.decode()
    assert user_in(browser) is None


def test_a_provider_that_is_away_is_said_so(browser: CheckingClient, provider: Provider) -> None:
    provider.is_down = True
    refused = browser.get("/accounts/oidc/login/")
    assert refused.status_code == 502
    assert "Harbour University" in refused.content.decode()


def test_a_closed_account_is_not_entered(browser: CheckingClient, ada: User) -> None:
    SocialAccount.objects.create(user=ada, provider="oidc", uid="ada-there")
    User.objects.filter(pk=ada.pk).update(is_active=False)
    come_back(browser, sub="ada-there")
    assert user_in(browser) is None


def test_the_link_page_alone_links_nothing(browser: CheckingClient, ada: User) -> None:
    browser.force_login(ada)
    assert browser.get("/accounts/link/").status_code == 404
    assert browser.post("/accounts/link/").status_code == 404
