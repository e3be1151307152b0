"""Masthead: publishes stories, carries the discussion, funds the work."""

__version__ = "0.1.0"
