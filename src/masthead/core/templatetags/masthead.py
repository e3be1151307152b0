"""The template tags every template has: registered as builtins."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from masthead.core import slots

register = template.Library()


@register.simple_tag
def element(name: str, **values: Any) -> SafeString:
    """Render ``elements/<name>.html`` with these values and nothing else."""
    return render_to_string(f"elements/{name}.html", values)


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str, key: str = "", **options: Any) -> SafeString:
    """Render what the project put into the slot ``name`` for ``key``."""
    request = context.get("request")
    if request is None:
        return SafeString("")
    return slots.render(request, name, key, **options)
