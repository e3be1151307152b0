"""Core is a Django app only so that its template tags are found."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """No models."""

    name = "masthead.core"
    label = "core"
