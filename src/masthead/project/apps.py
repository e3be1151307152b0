"""The project as a Django app: its templates, its static files, its wiring."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Introduces the apps to each other when all are loaded."""

    name = "masthead.project"
    label = "project"

    def ready(self) -> None:
        """Bind ports, slots and subscribers."""
        from masthead.project import wiring

        wiring.connect()
