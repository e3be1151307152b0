"""What is known of accounts."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, OuterRef, Q

from masthead.accounts.errors import SignInLinkNotValid
from masthead.accounts.models import ApiToken, SignInLink, User, normalise_email
from masthead.core.clock import now
from masthead.core.statements import Select


def proven_addresses(user_ids: Collection[int]) -> Mapping[int, str]:
    """Return the address of each active account that has shown it can read mail there, in the normal form."""
    rows = EmailAddress.objects.filter(user_id__in=list(user_ids), verified=True, user__is_active=True)
    return {pk: normalise_email(email) for pk, email in rows.order_by("primary").values_list("user_id", "email")}


def hash_of(token: str) -> str:
    """Return what is kept of a sign-in link's secret. The secret is random, so one round is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def usable_sign_in_link(token: str) -> SignInLink:
    """Return the link of this secret while it can still be used. Refuses :class:`SignInLinkNotValid`."""
    link = (
        SignInLink.objects.select_related("user")
        .filter(token_hash=hash_of(token), used_at__isnull=True, expires_at__gt=now(), user__is_active=True)
        .first()
    )
    if link is None:
        raise SignInLinkNotValid
    return link


def staff_among(user_ids: Collection[int]) -> frozenset[int]:
    """Return which of these accounts belong to the newsroom."""
    staff = User.objects.filter(pk__in=list(user_ids), is_staff=True, is_active=True)
    return frozenset(staff.values_list("pk", flat=True))


_STAFF_NAMES = Select(
    lambda: (
        User.objects.filter(is_staff=True, is_active=True)
        .order_by()
        .values_list("display_name", "first_name", "last_name")
    )
)


def staff_names() -> list[str]:
    """Return the shown names of all accounts of the newsroom."""
    return [
        User(display_name=shown, first_name=first, last_name=last).name for shown, first, last in _STAFF_NAMES.rows()
    ]


def standing(user_id: int) -> tuple[bool, bool, bool] | None:
    """Return whether an account belongs to the newsroom, whether it is open and may do all; None for none."""
    return User.objects.filter(pk=user_id).values_list("is_staff", "is_active", "is_superuser").first()


@dataclass(frozen=True)
class Desk:
    """What somebody of the newsroom does there, as far as permissions tell."""

    edits: bool
    moderates: bool


def desks(user_ids: Collection[int], *, moderates: str) -> dict[int, Desk]:
    """Return the desks of those among these accounts who belong to the newsroom; one query.

    Who may change pages edits. ``moderates`` is the permission (``app.codename``) of those who moderate.
    """
    app, _dot, codename = moderates.partition(".")
    own = Q(user=OuterRef("pk")) | Q(group__user=OuterRef("pk"))
    rows = User.objects.filter(pk__in=list(user_ids), is_staff=True, is_active=True).annotate(
        edits=Exists(Group.objects.filter(user=OuterRef("pk"), page_permissions__isnull=False)),
        moderates=Exists(Permission.objects.filter(own, codename=codename, content_type__app_label=app)),
    )
    return {
        pk: Desk(edits=edits or is_superuser, moderates=moderates)
        for pk, edits, moderates, is_superuser in rows.values_list("pk", "edits", "moderates", "is_superuser")
    }


def own_record(user_id: int) -> dict[str, str] | None:
    """Return what the account row says of its owner, for the owner to take away. No secret is in it."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return None
    return {"address": user.email, "name": user.display_name, "since": user.date_joined.isoformat()}


def passkeys_of(user_id: int) -> list[Authenticator]:
    """Return an account's passkeys, oldest first."""
    return list(Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.WEBAUTHN).order_by("pk"))


def is_linked(user_id: int) -> bool:
    """Tell whether an account can be entered through a provider."""
    return bool(SocialAccount.objects.filter(user_id=user_id).exists())


def tokens_of(user_id: int) -> list[ApiToken]:
    """Return a person's tokens that can still be used, newest first."""
    return list(ApiToken.objects.filter(user_id=user_id, expires_at__gt=now()))
