"""An OpenID Connect provider on this machine: says of whoever signs in there what a test wants it to say."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount import app_settings

from masthead.project.composition import build
from tests.client import CheckingClient

CLIENT, SECRET = "saltmere-ledger", "a secret of thirty-two characters"


@dataclass
class Provider:
    """What it claims about the person, and which codes it gave out."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    is_down: bool = False

    def document(self) -> dict[str, Any]:
        """Say where everything is (OpenID Connect Discovery 1.0)."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def token(self) -> dict[str, Any]:
        """Answer a code with tokens."""
        stamp = {"iss": self.address, "aud": CLIENT, "iat": time.time(), "exp": time.time() + 60}
        return {
            "access_token": "opaque",
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": jwt.encode({**stamp, **self.claims}, SECRET, algorithm="HS256"),
        }


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = {"/.well-known/openid-configuration": provider.document(), "/userinfo": provider.claims}
            self._reply(found.get(urlsplit(self.path).path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            provider.asked.append({key: values[0] for key, values in parse_qs(body).items()})
            self._reply(provider.token())

        def _reply(self, value: dict[str, Any]) -> None:
            self.send_response(503 if provider.is_down else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(value).encode())

        def log_message(self, *arguments: Any) -> None:
            """Be quiet."""

    return Handler


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """Run a provider, and let the site know it."""
    known = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(known))
    known.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    accounts = replace(
        settings.MASTHEAD.accounts,
        oidc_name="Harbour University",
        oidc_issuer=known.address,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
    )
    settings.MASTHEAD = replace(settings.MASTHEAD, accounts=accounts)
    settings.SOCIALACCOUNT_PROVIDERS = build(settings.MASTHEAD)["SOCIALACCOUNT_PROVIDERS"]
    assert app_settings.PROVIDERS == settings.SOCIALACCOUNT_PROVIDERS
    yield known
    server.shutdown()
    server.server_close()
    thread.join()


def come_back(client: CheckingClient, *, sub: str, state: str = "", **claims: Any) -> Any:
    """Go to the provider, be ``sub`` there, and come back with its code."""
    sent = client.get("/accounts/oidc/login/")
    query = parse_qs(urlsplit(sent["Location"]).query)
    provider_of(client).claims = {"sub": sub, **claims}
    return client.get("/accounts/oidc/login/callback/", {"code": "one", "state": state or query["state"][0]})


def provider_of(client: CheckingClient) -> Provider:
    """Return the provider that this client's test runs."""
    found: Provider = client.__dict__["provider"]
    return found
