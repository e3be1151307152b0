"""The edge of the site: what leaves it, and under which headers."""

from django.apps import AppConfig


class EdgeConfig(AppConfig):
    """Middleware only."""

    name = "masthead.edge"
    label = "edge"
