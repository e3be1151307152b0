"""Files between their upload and the yes of who uploaded them."""

from __future__ import annotations

from datetime import timedelta

from masthead.core.clock import now
from masthead.core.text import one_line
from masthead.funding.models import BankUpload

KEPT_FOR = timedelta(days=1)


def keep_upload(*, name: str, content: bytes, uploaded_by: int) -> BankUpload:
    """Keep a file until its answer; only who uploaded it sees it."""
    return BankUpload.objects.create(
        name=one_line(name, 200), content=content, uploaded_by=uploaded_by, uploaded_at=now()
    )


def forget_upload(*, upload: BankUpload) -> None:
    """Erase a file: it was brought in, or not wanted."""
    upload.delete()


def forget_old_uploads() -> None:
    """Erase files that nobody answered for a day."""
    BankUpload.objects.filter(uploaded_at__lt=now() - KEPT_FOR).delete()
