"""Apps meet by events, ports and slots, never by foreign keys or migrations."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from tests.architecture.source import APPS

# Publishing is built on Wagtail; everybody may point at accounts' user row through AUTH_USER_MODEL.
FOREIGN_LABELS_FOR = {
    "publishing": {"wagtailcore", "wagtailimages", "wagtaildocs", "wagtailsearch", "taggit", "contenttypes"},
    "accounts": {"auth", "contenttypes"},
    "porting": {"contenttypes"},
}


def own_models() -> list[type[Model]]:
    """Return all models of the house, the automatic ones included."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in APPS]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_relations_stay_inside_the_app_or_lead_to_the_user(model: type[Model]) -> None:
    label = model._meta.app_label
    allowed = {label, *FOREIGN_LABELS_FOR.get(label, ())}
    strangers = [
        f"{field.name} -> {target._meta.label}"
        for field in model._meta.get_fields()
        if not field.auto_created or field.concrete
        if (target := getattr(field, "related_model", None)) is not None and not isinstance(target, str)
        if target._meta.app_label not in allowed and target._meta.label != settings.AUTH_USER_MODEL
    ]
    assert strangers == []


def test_migrations_depend_on_their_own_app_or_on_the_user() -> None:
    loader = MigrationLoader(connection=None)
    user_app = settings.AUTH_USER_MODEL.split(".")[0]
    strangers = [
        f"{label}.{name} depends on {dependency}"
        for (label, name), migration in loader.disk_migrations.items()
        if label in APPS
        for dependency in migration.dependencies
        if dependency[0] in APPS and dependency[0] not in {label, user_app}
    ]
    assert strangers == []


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    assert connection.vendor in {"sqlite", "postgresql"}
    call_command("makemigrations", *APPS_WITH_MODELS, check=True, dry_run=True, verbosity=0)


APPS_WITH_MODELS = sorted({model._meta.app_label for model in own_models()})
