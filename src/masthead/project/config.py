"""The site's settings: ``masthead.toml``, then the environment, read once and typed.

The only module that reads the environment. Each field can be given as ``MASTHEAD_<SECTION>_<FIELD>``, and a
secret also as ``..._FILE``, the path of a file that holds it. All errors are collected and reported together, each
with the line to write.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import re
import tomllib
import typing
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from masthead.core import colour
from masthead.project.comment_fields import field_misfits
from masthead.project.origins import origin_misfits
from masthead.project.sections import (
    AccountsConfig,
    DatabaseConfig,
    DiscussionConfig,
    EdgeConfig,
    EmbedConfig,
    FundingConfig,
    HooksConfig,
    MailConfig,
    PublishingConfig,
    ServerConfig,
    SiteConfig,
)

FILE_NAME = "masthead.toml"


class ConfigError(Exception):
    """The settings cannot be used; ``problems`` holds one sentence per error."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Config:
    """Everything a site decides, checked."""

    root: Path
    secret_key: str
    site: SiteConfig = field(default_factory=SiteConfig)
    database: DatabaseConfig = field(default_factory=DatabaseConfig)
    mail: MailConfig = field(default_factory=MailConfig)
    accounts: AccountsConfig = field(default_factory=AccountsConfig)
    publishing: PublishingConfig = field(default_factory=PublishingConfig)
    discussion: DiscussionConfig = field(default_factory=DiscussionConfig)
    funding: FundingConfig = field(default_factory=FundingConfig)
    server: ServerConfig = field(default_factory=ServerConfig)
    edge: EdgeConfig = field(default_factory=EdgeConfig)
    embed: EmbedConfig = field(default_factory=EmbedConfig)
    hooks: HooksConfig = field(default_factory=HooksConfig)

    @property
    def data(self) -> Path:
        """The folder of everything the site wrote: database, media, keys."""
        return self.root / "data"


SECTIONS: dict[str, type[Any]] = {
    item.name: typing.get_type_hints(Config)[item.name]
    for item in dataclasses.fields(Config)
    if item.name not in {"root", "secret_key"}
}


def site_root(environ: Mapping[str, str] | None = None) -> Path:
    """Return the site's folder: ``MASTHEAD_SITE``, else the current folder."""
    return Path((environ if environ is not None else os.environ).get("MASTHEAD_SITE", ".")).resolve()


def load(root: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """Read a site's settings.

    Raises :class:`ConfigError` with every problem at once: a missing or unreadable file, unknown sections or
    keys, wrong types, values that cannot work.
    """
    env = environ if environ is not None else os.environ
    folder = root or site_root(env)
    document = _read(folder / FILE_NAME)
    problems: list[str] = []
    sections = _sections(document, env, problems)
    config = Config(root=folder, secret_key=_secret_key(folder, env, problems), **sections)
    problems.extend(_meaning(config))
    problems.extend(field_misfits(config.discussion.fields))
    problems.extend(origin_misfits(config.embed.origins, own=config.site.url))
    if problems:
        raise ConfigError(problems)
    return config


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            [f"There is no {FILE_NAME} in {path.parent}. Make a site: masthead init DIR, or name one: --site DIR."]
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError([f'{path} cannot be read: {error}. Each line has the form: key = "value"']) from None


def _sections(document: dict[str, Any], env: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
    for name in document.keys() - SECTIONS.keys():
        problems.append(f"[{name}] is not a section. Sections are: {', '.join(SECTIONS)}.")
    sections = {}
    for name, cls in SECTIONS.items():
        given = document.get(name, {})
        if not isinstance(given, dict):
            problems.append(f"{name} must be a section: write [{name}] on a line of its own.")
            given = {}
        sections[name] = _section(name, cls, given, env, problems)
    return sections


def _section(name: str, cls: type[Any], given: dict[str, Any], env: Mapping[str, str], problems: list[str]) -> Any:
    hints = typing.get_type_hints(cls)
    fields = {item.name: item for item in dataclasses.fields(cls)}
    for key in given.keys() - fields.keys():
        problems.append(f"[{name}] {key} is not a setting. Settings there are: {', '.join(fields)}.")
    values: dict[str, Any] = {}
    for key, item in fields.items():
        raw = given.get(key, dataclasses.MISSING)
        table = _table_of(hints[key])
        if table and raw is not dataclasses.MISSING:
            values[key] = _tables(f"{name}.{key}", table, raw, problems)
            continue
        try:
            from_env = _from_environment(f"MASTHEAD_{name}_{key}".upper(), hints[key], env)
            raw = from_env if from_env is not None else raw
            if raw is not dataclasses.MISSING:
                values[key] = _typed(raw, hints[key])
        except ValueError as error:
            problems.append(f"[{name}] {key} {error}. Write: {item.metadata['example']}")
    return cls(**values)


def _table_of(hint: Any) -> type[Any] | None:
    """Return what each table of a list of tables describes; nothing for other settings."""
    item = typing.get_args(hint)[0] if typing.get_origin(hint) is list else None
    return item if dataclasses.is_dataclass(item) else None  # type: ignore[return-value]


def _tables(name: str, cls: type[Any], raw: Any, problems: list[str]) -> list[Any]:
    """Read the tables ``[[name]]``; their values stand in the file alone."""
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        problems.append(f"{name} must be tables: write [[{name}]] on a line of its own, and what belongs to it below.")
        return []
    return [_section(f"{name} {number}", cls, item, {}, problems) for number, item in enumerate(raw, start=1)]


def _from_environment(name: str, hint: Any, env: Mapping[str, str]) -> Any:
    text = env.get(name)
    if text is None and f"{name}_FILE" in env:
        try:
            text = Path(env[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ValueError(f"is to be read from {env[f'{name}_FILE']}, which failed: {error.strerror}") from None
    return _PARSERS[hint](text) if text is not None and hint in _PARSERS else text


def _parse_bool(text: str) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in known:
        raise ValueError(f"is {text!r}, but must be true or false")
    return known[text.lower()]


def _parse_int(text: str) -> int:
    if not text.lstrip("-").isdigit():
        raise ValueError(f"is {text!r}, but must be a whole number")
    return int(text)


_PARSERS: dict[Any, Callable[[str], Any]] = {
    bool: _parse_bool,
    int: _parse_int,
    list[str]: lambda text: [part.strip() for part in text.split(",") if part.strip()],
}
_KINDS = {str: "text in quotes", bool: "true or false", int: "a whole number", list[str]: "a list of texts in quotes"}


def _typed(value: Any, hint: Any) -> Any:
    if typing.get_origin(hint) is Literal:
        allowed = typing.get_args(hint)
        if value not in allowed:
            raise ValueError(f"is {value!r}, but must be one of: {', '.join(allowed)}")
        return value
    expected = list if hint == list[str] else hint
    fits = type(value) is expected and (expected is not list or all(isinstance(part, str) for part in value))
    if not fits:
        raise ValueError(f"is {value!r}, but must be {_KINDS[hint]}")
    return value


def _secret_key(folder: Path, env: Mapping[str, str], problems: list[str]) -> str:
    path = folder / "data" / "secret_key"
    try:
        key = env.get("MASTHEAD_SECRET_KEY") or path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        problems.append(
            f"{path} is missing or unreadable: it signs links and sign-ins. masthead init on this folder makes one."
        )
        return ""
    if len(key) < 40:
        problems.append(f"{path} holds fewer than 40 characters. Delete it and run masthead init to make a strong one.")
    return key


def _line_to_write(section: str, key: str) -> str:
    example: str = SECTIONS[section].__dataclass_fields__[key].metadata["example"]
    return f"Write: {example}"


def _meaning(config: Config) -> list[str]:
    """Check what values mean, beyond their types."""
    return [f"[{section}] {key} {text}. {_line_to_write(section, key)}" for section, key, text in _misfits(config)]


def _misfits(config: Config) -> Iterator[tuple[str, str, str]]:
    site, funding = config.site, config.funding
    if not site.name.strip():
        yield "site", "name", "is missing"
    parts = urlsplit(site.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        yield "site", "url", f"is {site.url!r}, not an address without a path"
    if site.time_zone not in zoneinfo.available_timezones():
        yield "site", "time_zone", f"is {site.time_zone!r}, which is no known zone"
    yield from _discussion_misfits(config.discussion)
    if len(funding.currency) != 3 or not funding.currency.isupper():
        yield "funding", "currency", f"is {funding.currency!r}, not a three-letter code"
    if funding.close_after_days < 0:
        yield "funding", "close_after_days", "is below 0"
    yield from _receipt_misfits(funding)
    if config.database.url and urlsplit(config.database.url).scheme not in {"postgres", "postgresql"}:
        yield "database", "url", "must begin with postgresql:// or be empty"
    if config.mail.url and urlsplit(config.mail.url).scheme not in {"smtp", "smtps"}:
        yield "mail", "url", "must begin with smtp:// or smtps://"
    yield from _oidc_misfits(config.accounts)
    yield from _edge_misfits(config.edge)
    yield from _accent_misfit(site.accent)
    for network in config.server.trusted_proxies:
        if not _is_network(network):
            yield "server", "trusted_proxies", f"holds {network!r}, which is no network"


_MOST_CHARACTERS = 50_000


def _discussion_misfits(discussion: DiscussionConfig) -> Iterator[tuple[str, str, str]]:
    for key in ("edit_window_minutes", "comments_per_person"):
        if getattr(discussion, key) < 0:
            yield "discussion", key, "is below 0"
    if discussion.min_length < 1:
        yield "discussion", "min_length", "is below 1"
    if not discussion.min_length <= discussion.max_length <= _MOST_CHARACTERS:
        yield "discussion", "max_length", f"is not between min_length and {_MOST_CHARACTERS}"


def _receipt_misfits(funding: FundingConfig) -> Iterator[tuple[str, str, str]]:
    """Only who may issue a country's receipts, and says by what right, uses its words."""
    if not re.fullmatch(r"[A-Z0-9]{1,8}", funding.receipt_series):
        yield "funding", "receipt_series", f"is {funding.receipt_series!r}, not 1 to 8 capital letters and digits"
    needed = {"us": ("issuer", "tax_id"), "de": ("issuer", "address", "tax_id", "recognition")}
    needed["fr"] = needed["de"]
    for key in needed.get(funding.receipt_country, ()):
        if not getattr(funding, f"receipt_{key}").strip():
            yield "funding", f"receipt_{key}", f"is missing, but receipt_country is {funding.receipt_country!r}"


def _oidc_misfits(accounts: AccountsConfig) -> Iterator[tuple[str, str, str]]:
    """A provider is named whole or not at all, and is asked over an encrypted line."""
    given = {key: getattr(accounts, f"oidc_{key}") for key in ("name", "issuer", "client_id", "client_secret")}
    if any(given.values()):
        for key, value in given.items():
            if not value:
                yield "accounts", f"oidc_{key}", "is missing, but another part of the provider is named"
    issuer = urlsplit(accounts.oidc_issuer)
    is_near = issuer.scheme == "http" and issuer.hostname in {"localhost", "127.0.0.1"}
    if accounts.oidc_issuer and not is_near and (issuer.scheme != "https" or not issuer.hostname):
        yield "accounts", "oidc_issuer", f"is {accounts.oidc_issuer!r}, not an address that begins with https://"


_LEAST_OF_EDGE = {"cache_mb": 0, "threads": 1, "waiting": 1, "live_streams": 0, "live_streams_per_address": 0}


def _edge_misfits(edge: EdgeConfig) -> Iterator[tuple[str, str, str]]:
    for key, least in _LEAST_OF_EDGE.items():
        if getattr(edge, key) < least:
            yield "edge", key, f"is below {least}"
    if edge.cdn != "none" and not edge.cdn_service:
        yield "edge", "cdn_service", f"is missing, but cdn is {edge.cdn!r}"
    if edge.cdn in {"fastly", "cloudflare"} and not edge.cdn_token:
        yield "edge", "cdn_token", f"is missing, but cdn is {edge.cdn!r}"
    if edge.valkey and urlsplit(edge.valkey).scheme not in {"redis", "rediss", "unix"}:
        yield "edge", "valkey", "must begin with redis:// or be empty"


def _accent_misfit(accent: str) -> Iterator[tuple[str, str, str]]:
    """Refuse an accent in which text could not be read, and name the nearest that can."""
    try:
        colour.accent(accent)
    except colour.NotAColour:
        yield "site", "accent", f"is {accent!r}, which is no colour"
    except colour.AccentTooFaint as error:
        yield (
            "site",
            "accent",
            f"is {accent}, too faint to read: its contrast is {error.ratio:.1f} and must be {colour.MINIMUM}; "
            f"the nearest that passes is {error.nearest}",
        )


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True
