"""What is shown. Visibility is applied here, so that no view can forget it."""

from masthead.discussion.selectors.counts import Drift, count_by_key, drift, held_count
from masthead.discussion.selectors.subjects import subject_of

__all__ = ["Drift", "count_by_key", "drift", "held_count", "subject_of"]
