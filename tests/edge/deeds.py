"""What people do to a paper: one function per deed, each by the road that the product offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client, override_settings
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from masthead.accounts.testing import make_user
from masthead.core.clock import now
from masthead.core.money import Money
from masthead.discussion import links
from masthead.discussion import services as discussion
from masthead.discussion.models import Comment, Guest, MailLoop, Thread
from masthead.discussion.rules.marks import Mark
from masthead.discussion.rules.people import Person
from masthead.funding import services as funding
from masthead.funding.models import Campaign, Gift
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.testing import deliver_all
from masthead.publishing import services as publishing
from masthead.publishing.models import ArticlePage, Author, HomePage, Picture, PlainPage, SectionPage
from masthead.publishing.testing import make_article, make_author, make_picture, make_section

MO = Person(may_moderate=True)
User = get_user_model()
TAGS = ["sea", "pumps", "money"]
Deed = Callable[[int], object]


def pick(model: Any, number: int) -> Any:
    """Return one row of those there are, of a model or of a query, the same for the same number."""
    rows = list(getattr(model, "objects", model).order_by("pk"))
    return rows[number % len(rows)] if rows else None


def found_paper() -> None:
    """Make a small paper with one of everything."""
    harbour, council = make_section("Harbour"), make_section("Council")
    portrait = make_picture(alt="A face")
    author = make_author("Ada Venn", portrait=portrait)
    question = publishing.PassageDraft("eleven pages", "Have you read them?")
    for number, section in enumerate([harbour, council, harbour, council, harbour]):
        make_article(f"Story {number}", section=section, authors=[author], tags=TAGS[: number % 3], passages=[question])
    target = ArticlePage.objects.order_by("pk")[0]
    text = f'<p>See <a linktype="page" id="{target.pk}">this</a>.</p>'
    body = [("text", text), ("picture", {"picture": make_picture("#123", alt="The quay")})]
    publishing.put_plain_page(title="About", slug="about", body=body, in_menus=True)
    make_campaign()
    make_gift()
    member = make_user("don@example.org", display_name="Don")
    for key in Thread.objects.values_list("key", flat=True)[:2]:
        discussion.post_comment(thread_key=key, person=Person(user_id=member.pk, name="Don"), text="I was there.")
    make_user("eve@example.org", display_name="Eve", is_staff=True, is_superuser=True)
    deliver_all()
    for thread in Thread.objects.order_by("pk")[:2]:
        post(thread.pk)
    deliver_all()


def thread_key(number: int) -> str:
    article = pick(ArticlePage, number)
    return article.thread_key if article else "article:0"


def guest(number: int) -> Person:
    return Person(guest=f"guest-{number % 3}")


def comment_id(number: int) -> str:
    comment = pick(Comment, number)
    return comment.public_id if comment else "none"


def post(number: int, text: str = "", **more: Any) -> None:
    words = text or f"Text {number} {Comment.objects.count()}"
    discussion.post_comment(thread_key=thread_key(number), person=guest(number), name="Ben", text=words, **more)


def post_link(number: int) -> None:
    post(number, f"See https://a.example/{Comment.objects.count()}")


def rate(number: int) -> None:
    post(number, stars={"overall": number % 5 + 1} if number % 4 else {"overall": 9})


def answer(number: int) -> None:
    article = pick(ArticlePage, number)
    if article and article.passages.exists():
        post(number, passage_id=article.passages.first().public_id)


def reply(number: int) -> None:
    comment = pick(Comment, number)
    if comment:
        discussion.post_comment(
            thread_key=comment.thread.key,
            person=guest(number),
            name="Ben",
            text=f"Reply {Comment.objects.count()}",
            reply_to=comment.public_id,
        )


def edit(number: int) -> None:
    comment = pick(Comment, number)
    text = f"https://b.example/{number}" if number % 2 else f"Edited {number}"
    if comment:
        discussion.edit_comment(comment_id=comment.public_id, person=Person(guest=comment.guest), text=text)


def delete(number: int) -> None:
    comment = pick(Comment, number)
    if comment:
        discussion.delete_own_comment(comment_id=comment.public_id, person=Person(guest=comment.guest or "x"))


def write_and_prove(number: int) -> None:
    """A guest writes first and proves the address afterwards, by the button of a mail."""
    config = settings.MASTHEAD
    with override_settings(MASTHEAD=replace(config, discussion=replace(config.discussion, guests="verified"))):
        person = Person(guest=f"browser-{number}", browser=f"browser-{number}")
        text, address = f"Proven {Comment.objects.count()}", f"reader{number % 4}@example.org"
        discussion.post_comment(thread_key=thread_key(number), person=person, name="Ada", text=text, address=address)
        discussion.prove_address(token=last_button(), person=person)


def claim(number: int) -> None:
    guest = pick(Guest, number)
    if guest:
        Comment.objects.filter(guest__startswith="guest-").update(author_email=guest.address)
        discussion.ask_to_claim(person=Person(guest=guest.mark, email=guest.address))
        discussion.claim_comments(token=last_button(), chosen=Comment.objects.values_list("public_id", flat=True))


def last_button() -> str:
    """Return the token of the link in the last mail."""
    loop = MailLoop.objects.filter(pressed_at=None).latest("id")
    return links.button_url(loop.public_id).rstrip("/").rpartition("/")[2]


def erase(number: int) -> None:
    guest = pick(Guest, number)
    if guest:
        discussion.erase_person(person=Person(guest=guest.mark, browser="none", email=guest.address))


def undo_deletion(number: int) -> None:
    comment = pick(Comment.objects.filter(status=Comment.Status.DELETED), number)
    if comment:
        discussion.undo_deletion(comment_id=comment.public_id, person=Person(guest=comment.guest))


def take_back(number: int) -> None:
    comment = pick(Comment, number)
    if comment:
        discussion.take_back_comment(comment_id=comment.public_id, person=Person(guest=comment.guest or "x"))


def mention(number: int) -> None:
    post(number, f"@Don and @Ben {Comment.objects.count()}")


def mark(number: int, name: Mark) -> None:
    discussion.mark_comment(comment_id=comment_id(number), person=MO, mark=name, on=number % 3 != 0)


def bring(number: int) -> None:
    item = discussion.ImportedComment(f"old-{number}", "Old reader", "<p>Long ago.</p>", now(), votes_up=number % 3)
    discussion.import_comments(thread_key=thread_key(number), source="wordpress", comments=[item])


def repair(number: int) -> None:
    """A counter was wrong, and shown so, until somebody counts again."""
    discussion.recount_thread(thread_key=thread_key(number))


def publish(number: int) -> None:
    section = pick(SectionPage, number)
    chosen = [story for story in [pick(ArticlePage, number + 1)] if story and number % 2]
    tags, related = TAGS[: number % 4], chosen
    make_article(f"New {number}", section=section, authors=[pick(Author, 0)], tags=tags, related=related)


def rewrite(number: int) -> None:
    page = pick(ArticlePage, number)
    if page and page.live:
        page.title, page.comments = f"{page.title[:40]}!", ["open", "closed", "off"][number % 3]
        page.discussion_kind = ["comments", "questions", "ratings"][number % 3]
        page.tags.set(TAGS[number % 3 :])
        page.save_revision().publish()


def unpublish(number: int) -> None:
    page = pick(ArticlePage, number)
    if page and page.live:
        page.unpublish()


def publish_again(number: int) -> None:
    page = pick(ArticlePage, number)
    if page and not page.live:
        page.save_revision().publish()


def remove_story(number: int) -> None:
    page = pick(ArticlePage, number)
    if page and ArticlePage.objects.count() > 3:
        page.delete()


def move_story(number: int) -> None:
    page, section = pick(ArticlePage, number), pick(SectionPage, number // 2)
    if page and page.get_parent().pk != section.pk:
        page.move(section, pos="last-child")


def rename_section(number: int) -> None:
    page = pick(SectionPage, number)
    page.title, page.slug = f"Part {number}", f"part-{number}-{page.pk}"
    page.save_revision().publish()


def draft_section(number: int) -> None:
    page = pick(SectionPage, number)
    page.title = f"Draft {number}"
    page.save_revision()


def order_sections(number: int) -> None:
    page = pick(SectionPage, number)
    page.move(HomePage.objects.get(), pos="first-child" if number % 2 else "last-child")


def restrict(number: int) -> None:
    page = pick([SectionPage, PlainPage, ArticlePage][number % 3], number // 3)
    base = Page.objects.get(pk=page.pk) if page else None
    found = PageViewRestriction.objects.filter(page=base).first()
    if found:
        found.delete()
    elif base:
        PageViewRestriction.objects.create(page=base, restriction_type=PageViewRestriction.LOGIN)


def write_plain(number: int) -> None:
    page = pick(PlainPage, 0)
    page.title, page.show_in_menus, page.live = f"About {number}", bool(number % 2), number % 5 != 0
    page.slug = f"about-{number % 3}"
    page.save()


def choose_lead(number: int) -> None:
    home = HomePage.objects.get()
    home.lead_story = pick(ArticlePage, number)
    home.save_revision().publish()


def write_author(number: int) -> None:
    author = pick(Author, number)
    author.name, author.biography, author.slug = f"Ada {number}", f"Born {number}.", f"ada-{number % 3}-{author.pk}"
    author.user = User.objects.filter(email="don@example.org").first() if number % 2 else None
    author.save()


def describe_picture(number: int) -> None:
    picture = pick(Picture, number)
    if picture and number % 4 == 0:
        picture.delete()
    elif picture:
        picture.alt = f"Seen {number}"
        picture.save()


def rename_tag(number: int) -> None:
    tag = pick(Tag, number)
    if tag:
        tag.name = f"{tag.slug} {number}"
        tag.save()


def redirect(number: int) -> None:
    publishing.put_redirect(old="/?p=1", target=f"/old-{number}/")


def forget_redirect(number: int) -> None:
    Redirect.objects.all().delete()


def rename_campaign(number: int) -> None:
    funding.put_campaign(slug="fund", goal=Money(500_000, "USD"), title=f"Fund {number}", active=number % 4 != 0)


def set_goal(number: int) -> None:
    funding.put_campaign(slug="fund", goal=Money(100_000 * (number % 5), "USD"))


def campaign_beside(number: int) -> None:
    goal = Money(90_000 * (number % 3), "USD")
    funding.put_campaign(
        slug="boat", goal=goal, title=f"Boat {number}", active=False, beside=number % 4 != 0, wall=True
    )


def give_beside(number: int) -> None:
    boat = Campaign.objects.filter(slug="boat").first()
    if boat:
        make_gift(campaign=boat, public_name=f"Giver {number}")


def hide_a_name(number: int) -> None:
    gift = Gift.objects.exclude(public_name="").order_by("pk").first()
    if gift:
        funding.hide_name(gift=gift, hidden=number % 3 != 0)


def reverse(number: int) -> None:
    gift = Gift.objects.filter(journal__reversal__isnull=True).first()
    if gift:
        funding.reverse_gift(gift=gift, reason="Returned.")


def change_staff(number: int) -> None:
    user = User.objects.filter(email="don@example.org").first()
    if user and number % 4 == 0:
        user.delete()
    elif user:
        user.is_staff = not user.is_staff
        user.save()


def change_desk(number: int) -> None:
    """Whoever moderates and edits is an editor, who only moderates a moderator."""
    user = User.objects.filter(email="don@example.org").first()
    if user and number % 2:
        user.groups.set(Group.objects.filter(name="Editors"))
    elif user:
        user.groups.clear()
        user.user_permissions.set(Permission.objects.filter(codename="moderate_comment"))


def rename_person(number: int) -> None:
    user = User.objects.filter(email="don@example.org").first()
    if user:
        user.display_name = f"Don {number}"
        user.save()


def move_site(number: int) -> None:
    site = Site.objects.get()
    site.site_name = f"Paper {number}"
    site.save()


def _desk() -> Client:
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    client.force_login(User.objects.get(email="eve@example.org"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def unpublish_in_admin(number: int) -> None:
    page = ArticlePage.objects.filter(live=True).order_by("pk").first()
    if page:
        assert _desk().post(f"/admin/pages/{page.pk}/unpublish/").status_code == 302


DEEDS: dict[str, Deed] = {
    "rate": rate,
    **{deed.__name__: deed for deed in (post, post_link, answer, reply, edit, delete, bring, repair)},
    **{deed.__name__: deed for deed in (write_and_prove, claim, erase)},
    **{deed.__name__: deed for deed in (undo_deletion, take_back, mention)},
    **{deed.__name__: deed for deed in (publish, rewrite, unpublish, publish_again, remove_story, move_story)},
    **{deed.__name__: deed for deed in (rename_section, draft_section, order_sections, restrict, write_plain)},
    **{deed.__name__: deed for deed in (choose_lead, write_author, describe_picture, rename_tag, redirect)},
    **{deed.__name__: deed for deed in (campaign_beside, give_beside, hide_a_name)},
    **{deed.__name__: deed for deed in (forget_redirect, rename_campaign, set_goal, reverse, change_staff)},
    **{deed.__name__: deed for deed in (rename_person, change_desk, move_site, unpublish_in_admin)},
    "vote": lambda number: discussion.cast_vote(
        comment_id=comment_id(number), person=Person(guest=f"voter-{number}"), direction="up"
    ),
    "approve": lambda number: discussion.approve_comment(comment_id=comment_id(number), moderator=MO),
    "remove": lambda number: discussion.remove_comment(comment_id=comment_id(number), moderator=MO, reason="other"),
    "spam": lambda number: discussion.mark_spam(comment_id=comment_id(number), moderator=MO),
    "stick": lambda number: mark(number, "sticky"),
    "close": lambda number: mark(number, "closed"),
    "pick_comment": lambda number: mark(number, "picked"),
    "gift": lambda number: make_gift(amount=Money(100 * (number + 1), "USD")),
    "work": lambda number: deliver_all(),
}
