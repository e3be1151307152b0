"""Remove files that no comment has: left behind where a process died between storing a file and its comment."""

from __future__ import annotations

import posixpath
from datetime import timedelta

from django.core.files.storage import default_storage

from masthead.core.clock import now
from masthead.discussion.models import CommentPicture
from masthead.discussion.models.attached import FOLDER

_PATIENCE = timedelta(days=1)


def forget_lost_pictures() -> int:
    """Remove files older than a day that belong to no comment; return how many. Safe to repeat."""
    count = 0
    try:
        folders, _files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    for folder in folders:
        place = posixpath.join(FOLDER, folder)
        names = {name.removesuffix(".webp"): name for name in default_storage.listdir(place)[1]}
        kept = set(CommentPicture.objects.filter(name__in=names).values_list("name", flat=True))
        for name in names.keys() - kept:
            path = posixpath.join(place, names[name])
            if default_storage.get_modified_time(path) < now() - _PATIENCE:
                default_storage.delete(path)
                count += 1
    return count
