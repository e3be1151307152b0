"""Photos of slips: redrawn, without what the file told, for those only who see gifts."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from masthead.accounts.models import User
from masthead.funding.models import Gift, GiftSlip
from masthead.funding.testing import make_campaign, make_gift
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.funding.test_staff_screens import arrival, signed_in

pytestmark = pytest.mark.django_db
RECORD = "/admin/funding/gifts/record/"


def vast() -> bytes:
    """Return a small file that would be unpacked to sixty-four million pixels."""
    out = io.BytesIO()
    Image.new("1", (8000, 8000)).save(out, "PNG")
    return out.getvalue()


def photo(width: int = 600, height: int = 400) -> bytes:
    """Return a photo as a telephone takes it, with the place in its metadata."""
    image = Image.new("RGB", (width, height), (200, 10, 10))
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # turned
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue() + b"TRAILING SECRET"


def record(client: CheckingClient, content: bytes, **typed: str) -> Any:
    """Record a cheque with its photo."""
    facts = arrival(client, RECORD, method="cheque", **typed)
    return client.post(RECORD, {**facts, "slip": SimpleUploadedFile("slip.jpg", content)})


@pytest.fixture
def don() -> CheckingClient:
    """Looks after the money."""
    make_campaign()
    return signed_in("view_gift", "see_names", "add_gift")


def test_a_cheque_is_recorded_with_its_photo_and_nothing_of_the_file_is_kept(don: CheckingClient) -> None:
    record(don, photo())
    gift = Gift.objects.get()
    slip = GiftSlip.objects.get(gift=gift)
    kept = bytes(slip.content)
    assert gift.method == "cheque"
    assert slip.added_by == User.objects.get().pk
    assert b"Secret" not in kept
    assert b"SECRET" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (400, 600), {})
    assert f"/admin/funding/gifts/{gift.public_id}/slip/" in don.get("/admin/funding/gifts/").content.decode()
    reply = don.get(f"/admin/funding/gifts/{gift.public_id}/slip/")
    assert (reply["Content-Type"], reply.content) == ("image/webp", kept)
    assert "no-store" in reply["Cache-Control"]


def test_only_those_who_see_gifts_see_the_photo(don: CheckingClient) -> None:
    record(don, photo())
    address = f"/admin/funding/gifts/{Gift.objects.get().public_id}/slip/"
    for other in (signed_in("change_campaign"), CheckingClient()):
        assert other.get(address).status_code == 302
    assert don.get(f"/admin/funding/gifts/{make_gift().public_id}/slip/").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no picture at all", "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no picture"),
        (photo()[:200], "no picture"),
        (b"x" * 15_000_001, "larger than 15 MB"),
        (vast(), "has too many pixels. Take a smaller one."),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_is_booked(don: CheckingClient, content: bytes, said: str) -> None:
    reply = record(don, content, note="from the till")
    assert said in shown(reply)
    assert "from the till" in shown(reply)
    assert not Gift.objects.exists()


def test_the_same_form_sent_twice_is_one_gift_with_one_photo(don: CheckingClient) -> None:
    facts = arrival(don, RECORD, method="cash")
    for _ in range(2):
        don.post(RECORD, {**facts, "slip": SimpleUploadedFile("slip.jpg", photo())})
    assert (Gift.objects.count(), GiftSlip.objects.count()) == (1, 1)
