"""What people do to the passages of a story, and to the word beside their names: beside the deeds of deeds.py."""

from __future__ import annotations

from masthead.discussion import services as discussion
from masthead.discussion.models import Comment, Hint
from masthead.discussion.rules.marked import Chosen
from masthead.funding.models import Donor
from masthead.funding.services import choose_badge
from masthead.funding.testing import make_gift
from masthead.outbox.testing import deliver_all
from masthead.publishing.models import ArticlePage, Correction
from tests.edge.deeds import Deed, guest, pick, thread_key


def note_passage(number: int) -> None:
    """A reader marks words that stand in the story, and says something about them."""
    discussion.post_note(
        thread_key=thread_key(number),
        person=guest(number),
        kind="comment",
        chosen=Chosen("eleven pages"),
        text=f"Note {Comment.objects.count()}",
        name="Ben",
    )


def hint(number: int) -> None:
    discussion.suggest_correction(
        thread_key=thread_key(number),
        person=guest(number),
        chosen=Chosen("eleven pages"),
        text=f"Twelve {Hint.objects.count()}",
        name="Ben",
        wants_credit=bool(number % 2),
    )


def accept_hint(number: int) -> None:
    found = pick(Hint, number)
    if found:
        discussion.accept_correction(hint_id=found.public_id, text=f"Twelve, {number}.", by=None)


def rewrite_words(number: int) -> None:
    """The words that readers marked go, or come back."""
    page = pick(ArticlePage, number)
    if page and page.live:
        words = "It had eleven pages, all of them signed." if number % 2 else "It had a few pages."
        page.body = [("text", f"<p>{words}</p>")]
        page.save_revision().publish()


def uncorrect(number: int) -> None:
    found = pick(Correction, number)
    if found:
        found.delete()


def wish_badge(number: int) -> None:
    """Who wrote gives, and wishes to be called a supporter, or no more."""
    address = ["don@example.org", "reader1@example.org"][number % 2]
    donor, _is_new = Donor.objects.get_or_create(email=address)
    make_gift(contact=address)
    deliver_all()
    choose_badge(donor=donor, shown=number % 3 != 0)


NOTE_DEEDS: dict[str, Deed] = {
    deed.__name__: deed for deed in (note_passage, hint, accept_hint, rewrite_words, uncorrect, wish_badge)
}
