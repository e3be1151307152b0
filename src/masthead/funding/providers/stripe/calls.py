"""One client per set of keys, and its refusals in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import stripe

from masthead.funding import conf
from masthead.funding.ports import ProviderAway, ProviderNotReady, ProviderRefused, is_hurried

# Pinned with the client's version: fields move between versions, and a renewal must not be lost by that.
API_VERSION = "2026-10-28.endive"
_TIMEOUT_SECONDS = 20
_RETRIES = 2
_HURRIED_SECONDS = 5


def client() -> stripe.StripeClient:
    """Return the client for the keys the site gives now."""
    keys = conf.stripe()
    return _client(keys.secret_key, keys.address, is_hurried())


@lru_cache(maxsize=8)
def _client(secret_key: str, address: str, hurried: bool) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": address} if address else None,
        stripe_version=API_VERSION,
        max_network_retries=0 if hurried else _RETRIES,
        http_client=stripe.RequestsClient(timeout=_HURRIED_SECONDS if hurried else _TIMEOUT_SECONDS),
    )


@contextmanager
def asking() -> Iterator[None]:
    """Turn the client's errors into the port's.

    What may have happened there although no answer came (time-outs, 5xx, a call under the same key that is still
    running) is ``ProviderAway``: the client has retried under the same key already (rule O5). A key that is wrong, was
    revoked or may not do this is ``ProviderNotReady``. All else was refused.
    """
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ProviderAway(_sentence(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        # No answer about the money at all: what was asked stays to be asked, so that no gift is lost by it.
        raise ProviderNotReady(_sentence(error)) from error
    except stripe.StripeError as error:
        status = error.http_status or 500
        if status >= 500 or status == 409:
            raise ProviderAway(_sentence(error)) from error
        raise ProviderRefused(_sentence(error)) from error


def _sentence(error: stripe.StripeError) -> str:
    return (error.user_message or str(error))[:500]
