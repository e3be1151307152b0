"""The discussion for programs, below ``/api/v1/``: the same selectors and services as the pages."""

from masthead.discussion.api import moderation, reading, writing
from masthead.discussion.api.routes import router

# Named so that each module has entered its operations.
MODULES = (reading, writing, moderation)

__all__ = ["MODULES", "router"]
