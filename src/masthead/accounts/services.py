"""Ways in, and what others must know of accounts."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from masthead.accounts import rules, selectors
from masthead.accounts.errors import (
    AccountUnknown,
    KeyUsedOtherwise,
    NothingToLink,
    SignInLinkNotValid,
    TokenNotValid,
    TooManyTokens,
)
from masthead.accounts.events import PersonChanged
from masthead.accounts.models import ApiToken, KeptAnswer, SignInLink, User, normalise_email
from masthead.core.clock import now
from masthead.core.http import absolute_url
from masthead.core.mail import host
from masthead.outbox.services import record

LINK_VALID = timedelta(hours=1)


def make_sign_in_link(*, email: str | None = None) -> str:
    """Return an address that signs one account in, once, within the next hour.

    Without ``email`` it is the first publisher's account, which is made if there is none. With one, the account must
    exist, unless the site has no publisher yet: then it becomes the publisher's. Refuses :class:`AccountUnknown`.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        user = _account(normalise_email(email) if email else "")
        moment = now()
        SignInLink.objects.create(
            user=user,
            token_hash=selectors.hash_of(token),
            created_at=moment,
            expires_at=moment + LINK_VALID,
        )
    return absolute_url(reverse("accounts:sign-in-link", args=[token]))


def _account(email: str) -> User:
    publishers = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    known = User.objects.filter(email=email, is_active=True).first() if email else publishers.first()
    if known is not None:
        return known
    if publishers.exists() or User.objects.filter(email=email).exists():
        raise AccountUnknown(email=email)
    return User.objects.create_superuser(email or _publishers_address(), display_name="")


def _publishers_address() -> str:
    """Return an address that passes for one; the publisher puts the real one in its place in the admin."""
    if settings.MASTHEAD.mail.sender:
        return normalise_email(settings.MASTHEAD.mail.sender)
    name = host()
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return f"publisher@{name}"
    return "publisher@localhost"


def use_sign_in_link(*, token: str) -> User:
    """Use up a sign-in link and return whom it signs in. Of two at once one wins.

    Refuses :class:`SignInLinkNotValid`.
    """
    link = selectors.usable_sign_in_link(token)
    if not SignInLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now()):
        raise SignInLinkNotValid
    return link.user


def forget_old_links() -> int:
    """Delete links that can no longer be used; return how many."""
    return SignInLink.objects.filter(expires_at__lt=now() - LINK_VALID).delete()[0]


def note_person_changed(*, user_id: int) -> None:
    """Record ``PersonChanged`` in the transaction of the change, or in one of its own right after it."""
    with transaction.atomic():
        record(PersonChanged(user_id=user_id))


def close_account(*, user_id: int) -> bool:
    """Erase an account at its owner's wish; tell whether it was. One of the newsroom stays: its work hangs on it."""
    with transaction.atomic():
        gone, _rows = User.objects.filter(pk=user_id, is_staff=False, is_superuser=False).delete()
    return bool(gone)


def link_provider(*, user: User, provider: str, uid: str) -> None:
    """Let this account be entered through a provider, known by the provider's own name for the person (``uid``).

    Refuses :class:`NothingToLink` when another account is linked to that person: nobody takes over a link.
    """
    row, _is_new = SocialAccount.objects.get_or_create(provider=provider, uid=uid, defaults={"user": user})
    if row.user_id != user.pk:
        raise NothingToLink


def unlink_provider(*, user: User) -> None:
    """Let this account be entered through no provider; a code by mail always works."""
    SocialAccount.objects.filter(user=user).delete()


def remove_passkey(*, user: User, key: int) -> None:
    """Forget one of an account's own passkeys; another's is left alone."""
    Authenticator.objects.filter(user=user, pk=key, type=Authenticator.Type.WEBAUTHN).delete()


def make_token(*, user: User, name: str, scopes: Collection[str], days: int) -> str:
    """Return the secret of a new token, which nobody can be shown again. Refuses :class:`TooManyTokens`.

    ``scopes`` and ``days`` are among those of ``rules``; anything else is a ``ValueError``.
    """
    if days not in rules.LIFETIMES or not set(scopes) <= set(rules.SCOPES):
        raise ValueError("no such lifetime or scope")
    token = rules.PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if len(selectors.tokens_of(user.pk)) >= rules.PER_PERSON:
            raise TooManyTokens(limit=rules.PER_PERSON)
        ApiToken.objects.create(
            user=user,
            name=name,
            token_hash=selectors.hash_of(token),
            scopes=sorted(scopes),
            expires_at=now() + timedelta(days=days),
        )
    return token


def revoke_token(*, user: User, token_id: int) -> None:
    """Let one of a person's tokens be of no use from now on; nobody else's. Twice is once."""
    ApiToken.objects.filter(user=user, pk=token_id).delete()


def use_token(*, token: str) -> ApiToken:
    """Return a token that is valid now, with its owner, and note that it was used. Refuses :class:`TokenNotValid`."""
    moment = now()
    rows = ApiToken.objects.select_related("user").filter(expires_at__gt=moment, user__is_active=True)
    found = rows.filter(token_hash=selectors.hash_of(token)).first()
    if found is None:
        raise TokenNotValid
    if found.last_used_at is None or moment - found.last_used_at > rules.USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=moment)
    return found


@dataclass(frozen=True)
class Answer:
    """What was answered to a call; what is not ``final`` (a failure, a limit) leaves nothing done and is not kept.

    ``new_owner`` is how the caller is known from now on, where the answer made him known: the key is his then, too.
    """

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    is_final: bool = True
    new_owner: str = ""


def answer_once(
    *, owner: str, key: str, fingerprint: str, do: Callable[[], Answer], user_id: int | None = None
) -> tuple[Answer, bool]:
    """Do what was asked and return the answer; or, where the key came before, the answer of then and True.

    The deed and its answer are committed together, so a crash leaves both or neither; who comes with the same key
    meanwhile waits for them. Keys are an owner's own and are valid for a day. Refuses :class:`KeyUsedOtherwise` when
    the key came with another ``fingerprint``.
    """
    with transaction.atomic():
        KeptAnswer.objects.filter(owner=owner, key=key, created_at__lt=now() - rules.ANSWER_KEPT).delete()
        mine = {"fingerprint": fingerprint, "user_id": user_id, "created_at": now()}
        row, is_new = KeptAnswer.objects.get_or_create(owner=owner, key=key, defaults=mine)
        if not is_new:
            if row.fingerprint != fingerprint:
                raise KeyUsedOtherwise
            return Answer(row.status, row.body, row.headers), True
        answer = do()
        if not answer.is_final:
            transaction.set_rollback(True)
            return answer, False
        row.status, row.body, row.headers = answer.status, answer.body, dict(answer.headers)
        row.save(update_fields=["status", "body", "headers"])
        if answer.new_owner:
            row.pk, row.owner = None, answer.new_owner
            row.save(force_insert=True)
    return answer, False


def forget_old_answers() -> int:
    """Delete answers whose keys are no longer valid; return how many."""
    return KeptAnswer.objects.filter(created_at__lt=now() - rules.ANSWER_KEPT).delete()[0]
