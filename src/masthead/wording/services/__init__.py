"""What happens when somebody says it otherwise."""

from masthead.wording.services.put_wording import reset_wording, reword
from masthead.wording.services.speak import speak

__all__ = ["reset_wording", "reword", "speak"]
