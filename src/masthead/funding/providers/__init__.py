"""Payment processors, one folder each. A folder that holds ``provider.py`` with a ``PROVIDER`` is found by itself."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from masthead.funding.errors import UnknownMethod
from masthead.funding.ports import PaymentProvider


@cache
def _found() -> dict[str, PaymentProvider]:
    providers: dict[str, PaymentProvider] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.ispkg and _has_provider(module.name):
            provider = import_module(f"{__name__}.{module.name}.provider").PROVIDER
            providers[provider.name] = provider
    return providers


def _has_provider(name: str) -> bool:
    return any(inner.name == "provider" for inner in pkgutil.iter_modules(import_module(f"{__name__}.{name}").__path__))


_taught: dict[str, PaymentProvider] = {}


def teach(provider: PaymentProvider) -> None:
    """Let another implementation answer for its name in this process: a fake in tests."""
    _taught[provider.name] = provider


def forget(name: str) -> None:
    """Take back what :func:`teach` did."""
    _taught.pop(name, None)


def provider_named(name: str) -> PaymentProvider:
    """Return a provider by its name. Refuses an unknown one (``funding.unknown_method``)."""
    found = {**_found(), **_taught}
    if name not in found:
        raise UnknownMethod(method=name)
    return found[name]


def ready_providers() -> list[PaymentProvider]:
    """Return the providers for which the site has given all they need, by name."""
    found = {**_found(), **_taught}
    return [found[name] for name in sorted(found) if found[name].is_ready()]
