"""Django's settings, computed from the site's :class:`~masthead.project.config.Config`. Nothing else decides here."""

from __future__ import annotations

from email.utils import formataddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from masthead.project.config import Config

INSTALLED_APPS = [
    "masthead.project",
    "masthead.core",
    "masthead.outbox",
    "masthead.edge",
    "masthead.accounts",
    "masthead.publishing",
    "masthead.discussion",
    "masthead.funding",
    "masthead.notifications",
    "masthead.hooks",
    "masthead.wording",
    "masthead.porting",
    "wagtail.contrib.redirects",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "masthead.edge.middleware.ReplyHeadersMiddleware",
    "masthead.project.api_middleware.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "masthead.edge.origins.OriginsMiddleware",
    "masthead.project.elsewhere.GuestTokenMiddleware",
    "masthead.edge.middleware.ForgeryMiddleware",
    "masthead.project.middleware.KnownVisitorMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "masthead.project.api_middleware.ApiTokenMiddleware",
    "masthead.project.idempotency.IdempotencyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "masthead.project.middleware.RefusalMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["masthead.core.templatetags.masthead", "django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "masthead.project.context.site",
            ],
        },
    }
]


# The one provider's name in addresses and rows.
OIDC_ID = "oidc"


def build(config: Config) -> dict[str, Any]:
    """Return all settings for one site. Pure: reads nothing but ``config``."""
    address = urlsplit(config.site.url)
    secure = address.scheme == "https"
    return {
        "MASTHEAD": config,
        "SECRET_KEY": config.secret_key,
        "DEBUG": config.server.debug,
        "ALLOWED_HOSTS": [address.hostname, "localhost", "127.0.0.1", "[::1]", *config.server.hosts],
        "INSTALLED_APPS": INSTALLED_APPS,
        "MIDDLEWARE": MIDDLEWARE,
        "TEMPLATES": TEMPLATES,
        "ROOT_URLCONF": "masthead.project.urls",
        "AUTH_USER_MODEL": "accounts.User",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "DATABASES": {"default": _database(config)},
        "CACHES": {"default": _cache(config)},
        "USE_TZ": True,
        "TIME_ZONE": config.site.time_zone,
        "LANGUAGE_CODE": config.site.language,
        "USE_I18N": True,
        "LOCALE_PATHS": [str(Path(__file__).resolve().parent.parent / "locale")],
        "APPEND_SLASH": True,
        **_files(config),
        **_mail(config),
        **_security(secure=secure, debug=config.server.debug),
        **_accounts(),
        **_other_doors(config, is_local=address.hostname in {"localhost", "127.0.0.1"}),
        **_wagtail(config),
        "LOGGING": _logging(),
    }


def _database(config: Config) -> dict[str, Any]:
    """SQLite in data/ with full durability, or PostgreSQL with a connection for each thread."""
    if config.database.url:
        url = urlsplit(config.database.url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
            # The threads that use it are few and live long, so each keeps its connection: a pool beside them would only
            # be asked for the same one at each request. Statements are planned once for each connection.
            "CONN_MAX_AGE": None,
            "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2},
        }
    return {
        "ENGINE": "masthead.core.sqlite",
        "NAME": str(config.data / "masthead.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000;"
            ),
        },
    }


def _cache(config: Config) -> dict[str, Any]:
    """What limits are counted in: each process for itself, or one count for all where there is a Valkey server."""
    if config.edge.valkey:
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": config.edge.valkey}
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def _files(config: Config) -> dict[str, Any]:
    return {
        "STATIC_URL": "/static/",
        "STATIC_ROOT": str(config.data / "static"),
        "MEDIA_URL": "/media/",
        "MEDIA_ROOT": str(config.data / "media"),
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        },
        "WHITENOISE_KEEP_ONLY_HASHED_FILES": False,
        "FILE_UPLOAD_PERMISSIONS": 0o644,
    }


def _mail(config: Config) -> dict[str, Any]:
    host = urlsplit(config.site.url).hostname or "localhost"
    sender = config.mail.sender or f"no-reply@{host}"
    common = {"DEFAULT_FROM_EMAIL": formataddr((config.site.name, sender)), "SERVER_EMAIL": sender}
    if not config.mail.url:
        return {
            **common,
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(config.data / "mail"),
        }
    url = urlsplit(config.mail.url)
    options = parse_qs(url.query)
    return {
        **common,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": options.get("tls") == ["1"],
        "EMAIL_TIMEOUT": 20,
    }


def _security(*, secure: bool, debug: bool) -> dict[str, Any]:
    """Sessions, cookies and the content policy.

    The public policy allows this site alone; frames are the exception, for embeds that a reader opened.
    """
    return {
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_COOKIE_HTTPONLY": False,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "strict-origin-when-cross-origin",
        "X_FRAME_OPTIONS": "SAMEORIGIN",
        "CONTENT_POLICY": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            "connect-src 'self'; manifest-src 'self'; frame-src https:; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'self'"
        ),
        "ADMIN_CONTENT_POLICY": (
            "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self' https:; "
            "form-action 'self'; base-uri 'self'; frame-ancestors 'self'"
        ),
        "REFUSE_PERSONAL_REPLIES": debug,
        "CSRF_FAILURE_VIEW": "masthead.project.views.csrf_failure",
    }


def _accounts() -> dict[str, Any]:
    """Sign in by a code sent to the address; no password is ever asked of a reader."""
    return {
        "AUTHENTICATION_BACKENDS": [
            "django.contrib.auth.backends.ModelBackend",
            "allauth.account.auth_backends.AuthenticationBackend",
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        ],
        "LOGIN_URL": "/accounts/login/",
        "LOGIN_REDIRECT_URL": "/",
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*"],
        "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
        "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
        "ACCOUNT_LOGIN_BY_CODE_ENABLED": True,
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "ACCOUNT_ADAPTER": "masthead.accounts.adapter.AccountAdapter",
        "ACCOUNT_SESSION_REMEMBER": True,
        "ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND": 3,
        "ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND": 3,
    }


def _other_doors(config: Config, *, is_local: bool) -> dict[str, Any]:
    """Passkeys, and one OpenID Connect provider where the site names one.

    Nothing that a provider says of an address is believed: an account is found by provider and subject alone.
    """
    accounts = config.accounts
    provider = {
        "provider_id": OIDC_ID,
        "name": accounts.oidc_name,
        "client_id": accounts.oidc_client_id,
        "secret": accounts.oidc_client_secret,
        "settings": {"server_url": accounts.oidc_issuer.rstrip("/"), "oauth_pkce_enabled": True},
    }
    return {
        "MFA_SUPPORTED_TYPES": ["webauthn"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_ADAPTER": "masthead.accounts.doors.PasskeyAdapter",
        # The page itself asks for a fresh sign-in: readers have no password to be asked for.
        "MFA_REAUTHENTICATION_REQUIRED": False,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": is_local,
        "SOCIALACCOUNT_ADAPTER": "masthead.accounts.doors.ProviderAdapter",
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,
        "SOCIALACCOUNT_AUTO_SIGNUP": False,
        "SOCIALACCOUNT_STORE_TOKENS": False,
        # A link, since the content policy lets no form lead to another site; the state it sets is checked afterwards.
        "SOCIALACCOUNT_LOGIN_ON_GET": True,
        "SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX": "",
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": [provider] if accounts.oidc_issuer else []}},
    }


def _wagtail(config: Config) -> dict[str, Any]:
    return {
        "WAGTAIL_SITE_NAME": config.site.name,
        "WAGTAILIMAGES_IMAGE_MODEL": "publishing.Picture",
        "WAGTAILADMIN_BASE_URL": config.site.url,
        "WAGTAIL_FRONTEND_LOGIN_URL": "/accounts/login/",
        "WAGTAIL_PASSWORD_REQUIRED_TEMPLATE": "publishing/password_required.html",
        "WAGTAIL_I18N_ENABLED": False,
        "WAGTAILADMIN_LOGIN_URL": "/accounts/login/",
        "WAGTAIL_PASSWORD_RESET_ENABLED": False,
        "WAGTAILUSERS_PASSWORD_REQUIRED": False,
        "WAGTAIL_AUTOSAVE_INTERVAL": 2000,
        "WAGTAIL_GRAVATAR_PROVIDER_URL": None,
        "WAGTAIL_ENABLE_UPDATE_CHECK": False,
        "WAGTAIL_ENABLE_WHATS_NEW_BANNER": False,
        "WAGTAILIMAGES_EXTENSIONS": ["avif", "gif", "jpg", "jpeg", "png", "webp"],
        "WAGTAILIMAGES_MAX_IMAGE_PIXELS": 60_000_000,
        "WAGTAILIMAGES_MAX_UPLOAD_SIZE": 20 * 1024 * 1024,
        "WAGTAILDOCS_EXTENSIONS": ["csv", "docx", "ods", "odt", "pdf", "txt", "xlsx", "zip"],
        "WAGTAILSEARCH_BACKENDS": {"default": {"BACKEND": "masthead.publishing.admin_search"}},
        "TAGGIT_CASE_INSENSITIVE": True,
    }


def _logging() -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"masthead": {"level": "INFO"}},
    }
