"""The account row. "Reader" is the person in a role; "staff" sees the admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now


class UserManager(BaseUserManager["User"]):
    """Creates accounts by address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an account. Without a password it can be entered by mail link only.

        Refuses an empty address with ``ValueError``.
        """
        if not email:
            raise ValueError("an account needs an address")
        user = self.model(email=normalise_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an account that may do everything."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> User:
        """Find an account by its address, in the normal form."""
        return self.get(email=normalise_email(username or ""))


class User(AbstractUser):
    """One person, known by an address; the display name is never proof of identity."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("email address"), unique=True)
    display_name = models.CharField(_("display name"), max_length=80, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name others see; never the address."""
        return self.display_name or self.get_full_name() or str(_("Reader"))

    def clean(self) -> None:
        """Bring the address to its normal form."""
        super().clean()
        self.email = normalise_email(self.email)


def normalise_email(email: str) -> str:
    """Return the one spelling under which an address is stored and compared."""
    return email.strip().lower()


class SignInLink(models.Model):
    """A way in, once and for an hour, for whoever runs the site. Only the hash of its secret is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id}, {self.created_at}"


class ApiToken(models.Model):
    """What lets a program act for its owner, as far as its scopes say. Only the hash of its secret is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True, help_text=_("To the hour."))

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """The answer to a call that came with a key: the same call again is answered with it and not done again."""

    owner = models.CharField(max_length=100, help_text=_("Whose key it is: a token, an account, a guest, a network."))
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text=_("Hash of what was asked."))
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_answer_per_owner_and_key")]

    def __str__(self) -> str:
        return f"{self.owner}, {self.key}"
