"""What journeys through several apps share."""

from tests.letters import smtp

__all__ = ["smtp"]
