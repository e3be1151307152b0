"""What a site decides: one class per section of ``masthead.toml``, each field with its meaning and an example."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


def setting(default: Any, description: str, example: str) -> Any:
    """Declare a field with its description and the line a publisher writes."""
    return field(default=default, metadata={"description": description, "example": example})


def settings_list(description: str, example: str) -> Any:
    """Declare a field that holds a list, empty by default."""
    return field(default_factory=list, metadata={"description": description, "example": example})


@dataclass(frozen=True)
class SiteConfig:
    """Who publishes."""

    name: str = setting("", "The name of the paper, as readers know it.", 'name = "The Saltmere Ledger"')
    url: str = setting(
        "http://127.0.0.1:8000", "The address readers type, without a path.", 'url = "https://ledger.example"'
    )
    tagline: str = setting("", "One line under the name.", 'tagline = "News of the harbour town"')
    language: str = setting("en", "Language of the paper, as a code.", 'language = "en"')
    time_zone: str = setting("UTC", "Time zone in which days and months begin.", 'time_zone = "Europe/Lisbon"')
    accent: str = setting("#8c2a1e", "The one colour of links and buttons.", 'accent = "#8c2a1e"')


@dataclass(frozen=True)
class DatabaseConfig:
    """Where rows are kept."""

    url: str = setting(
        "", "Empty for SQLite in data/; or a PostgreSQL address.", 'url = "postgresql://user:password@host/name"'
    )


@dataclass(frozen=True)
class MailConfig:
    """How mail leaves."""

    url: str = setting(
        "",
        "Mail server; empty keeps mails in data/mail/ as files.",
        'url = "smtp://user:password@mail.example:587?tls=1"',
    )
    sender: str = setting("", "Address that mails come from.", 'sender = "news@ledger.example"')


@dataclass(frozen=True)
class PublishingConfig:
    """How stories leave the site."""

    feed: Literal["full", "summary"] = setting(
        "full", "What feeds carry of a story: the full text or the summary.", 'feed = "full"'
    )


@dataclass(frozen=True)
class CommentField:
    """One more question in the comment form, or something to consent to."""

    name: str = setting("", "Its name in the form and in exports: small letters, digits and _.", 'name = "town"')
    label: str = setting("", "What readers are asked; for a consent its whole wording.", 'label = "Where do you live?"')
    kind: Literal["text", "select", "checkbox", "consent"] = setting(
        "text", "How it is answered; a consent is kept with its wording and time.", 'kind = "select"'
    )
    choices: list[str] = settings_list("What a select offers.", 'choices = ["Harbour", "Old town"]')
    required: bool = setting(False, "Whether nobody can comment without it.", "required = true")
    public: bool = setting(False, "Whether the answer stands under the comment, for everybody.", "public = true")
    help: str = setting("", "One more sentence under the question.", 'help = "The street is enough."')


@dataclass(frozen=True)
class DiscussionConfig:
    """How readers take part."""

    guests: Literal["verified", "open", "members"] = setting(
        "verified",
        "Who may comment: verified (who proves an address once, by a button in a mail), open (name, optional "
        "address) or members.",
        'guests = "verified"',
    )
    hold: Literal["none", "links", "all"] = setting(
        "links", "Which guest comments wait for a person: none, links or all.", 'hold = "links"'
    )
    edit_window_minutes: int = setting(
        15, "How long a comment can be edited by its writer.", "edit_window_minutes = 15"
    )
    edit_after_replies: bool = setting(
        True, "Whether a comment can still be edited once it has replies.", "edit_after_replies = false"
    )
    min_length: int = setting(1, "How many characters a comment has at least.", "min_length = 1")
    max_length: int = setting(5000, "How many characters a comment has at most.", "max_length = 5000")
    comments_per_person: int = setting(
        0, "How many comments one person may write under a story; 0 is unlimited.", "comments_per_person = 0"
    )
    posts_per_minute: int = setting(
        30,
        "How many comments one network may post in a thread within a minute; 0 is unlimited.",
        "posts_per_minute = 30",
    )
    votes_per_minute: int = setting(
        60,
        "How many votes one network may cast in a thread within a minute; 0 is unlimited.",
        "votes_per_minute = 60",
    )
    close_after_days: int = setting(
        0, "How many days after its publication a story takes comments; 0 is for ever.", "close_after_days = 90"
    )
    invitation: bool = setting(
        False, "Invite readers once to comment, after 45 seconds of reading.", "invitation = true"
    )
    pictures: bool = setting(False, "Whether a comment may carry one picture.", "pictures = true")
    fields: list[CommentField] = settings_list(
        "Up to 8 more fields of the comment form, each a table of its own.", "[[discussion.fields]]"
    )
    rules: str = setting(
        "Talk about the story, not about each other.",
        "The community rules in one line.",
        'rules = "Talk about the story, not about each other."',
    )


@dataclass(frozen=True)
class AccountsConfig:
    """Further ways to sign in, beside the code by mail and passkeys."""

    oidc_name: str = setting(
        "", "How readers know the OpenID Connect provider; stands on the button.", 'oidc_name = "Harbour University"'
    )
    oidc_issuer: str = setting(
        "",
        "Its address; empty for none. Register https://<your site>/accounts/oidc/login/callback/ there.",
        'oidc_issuer = "https://id.harbour.example"',
    )
    oidc_client_id: str = setting("", "The name this site has there.", 'oidc_client_id = "saltmere-ledger"')
    oidc_client_secret: str = setting("", "The secret this site has there.", 'oidc_client_secret = "a long secret"')


@dataclass(frozen=True)
class FundingConfig:
    """How money is shown."""

    currency: str = setting("USD", "Currency of the campaigns, as a code.", 'currency = "USD"')
    mode: Literal["live", "rehearsal"] = setting(
        "live",
        "Whether money is real. A rehearsal plays with a simulator's money, which never counts as the paper's.",
        'mode = "live"',
    )
    money_format: Literal["1,639 $", "$1,639", "locale"] = setting(
        "1,639 $", "How amounts are written.", 'money_format = "1,639 $"'
    )
    close_after_days: int = setting(
        7, "Days after its end at which a month is closed and sealed.", "close_after_days = 7"
    )
    account_holder: str = setting(
        "", "Holder of the bank account for gifts.", 'account_holder = "Saltmere Ledger Trust"'
    )
    iban: str = setting("", "Number of the bank account for gifts.", 'iban = "DE02 1203 0000 0000 2020 51"')
    bic: str = setting("", "Bank code, if your readers need it.", 'bic = "BYLADEM1001"')
    newsroom_mail: str = setting(
        "", "Address of who looks after the money; told of disputes.", 'newsroom_mail = "money@ledger.example"'
    )
    recovery_mails: bool = setting(
        True,
        "Whether givers get a mail, three at most, when a payment of their repeated gift fails.",
        "recovery_mails = true",
    )
    receipt_issuer: str = setting(
        "",
        "Who issues receipts, by full legal name; empty is account_holder, else the paper.",
        'receipt_issuer = "Saltmere Ledger Trust"',
    )
    receipt_address: str = setting(
        "", "Its postal address; \\n begins a line.", 'receipt_address = "4 Quay Street\\n90210 Saltmere"'
    )
    receipt_tax_id: str = setting("", "Its tax number, if receipts must name it.", 'receipt_tax_id = "12-3456789"')
    receipt_series: str = setting(
        "R", "What numbers of receipts begin with: 1 to 8 capital letters and digits.", 'receipt_series = "SL"'
    )
    receipt_country: Literal["plain", "de", "fr", "us"] = setting(
        "plain",
        "Whose law words the receipts: see docs/how-to/issue-receipts.md. plain claims nothing about taxes.",
        'receipt_country = "us"',
    )
    receipt_recognition: str = setting(
        "",
        "What recognises the issuer before that law, as it is to be quoted; de and fr cannot do without.",
        'receipt_recognition = "Freistellungsbescheid des Finanzamts Saltmere vom 3. Mai 2026"',
    )
    stripe_key: str = setting("", "Secret key of your account at Stripe.", 'stripe_key = "sk_live_..."')
    stripe_webhook_secret: str = setting(
        "",
        "Secret with which Stripe signs what it tells this site; without it nothing it tells is believed.",
        'stripe_webhook_secret = "whsec_..."',
    )
    stripe_address: str = setting(
        "", "Where the simulator of a rehearsal is; empty is Stripe itself.", 'stripe_address = "http://127.0.0.1:8001"'
    )
    stripe_fee_basis_points: int = setting(
        0,
        "What Stripe keeps of each payment, in hundredths of a percent; 0 offers nobody to cover the fee.",
        "stripe_fee_basis_points = 290",
    )
    stripe_fee_fixed_minor: int = setting(
        0,
        "And the fixed part of its fee, in the smallest unit of the currency.",
        "stripe_fee_fixed_minor = 30",
    )
    paypal_client: str = setting("", "Client ID of your app at PayPal.", 'paypal_client = "AeA1QIZXiflr1_..."')
    paypal_secret: str = setting("", "Secret of your app at PayPal.", 'paypal_secret = "ECYYrrSHdKfk_..."')
    paypal_webhook: str = setting(
        "",
        "ID of your app's webhook, which PayPal signs along; without it nothing it tells is believed.",
        'paypal_webhook = "5GP028458E2496506"',
    )
    paypal_address: str = setting(
        "",
        "Where the simulator of a rehearsal is; empty is PayPal's sandbox in a rehearsal, else PayPal itself.",
        'paypal_address = "http://127.0.0.1:8400"',
    )
    paypal_authority: str = setting(
        "",
        "File with the certificates of whom to believe that a signature is PayPal's; empty: those of the web.",
        'paypal_authority = "/etc/masthead/authority.pem"',
    )
    paypal_fee_basis_points: int = setting(
        0,
        "What PayPal keeps of each payment, in hundredths of a percent; 0 offers nobody to cover the fee.",
        "paypal_fee_basis_points = 289",
    )
    paypal_fee_fixed_minor: int = setting(
        0,
        "And the fixed part of its fee, in the smallest unit of the currency.",
        "paypal_fee_fixed_minor = 49",
    )


@dataclass(frozen=True)
class ServerConfig:
    """How the site is reached."""

    hosts: list[str] = settings_list("Further host names besides that of site.url.", 'hosts = ["www.ledger.example"]')
    trusted_proxies: list[str] = settings_list(
        "Networks whose X-Forwarded-For is believed.", 'trusted_proxies = ["127.0.0.1/32"]'
    )
    background: bool = setting(True, "Do the background work in the serving process.", "background = true")
    debug: bool = setting(False, "Show details of errors to everybody; never on a public site.", "debug = false")


@dataclass(frozen=True)
class EdgeConfig:
    """How pages are kept and sent."""

    cache_mb: int = setting(
        64, "Memory for pages that are kept ready, per process, in MB; 0 keeps none.", "cache_mb = 64"
    )
    threads: int = setting(
        2, "How many pages are made, and how many forms taken, at a time, per process.", "threads = 2"
    )
    waiting: int = setting(
        200, "How many requests may wait for a thread before readers are asked to come back.", "waiting = 200"
    )
    live_streams: int = setting(
        5000, "How many readers of one process may hear at once of what is new.", "live_streams = 5000"
    )
    live_streams_per_address: int = setting(
        50, "How many of them may come from one network; 0 is unlimited.", "live_streams_per_address = 50"
    )
    valkey: str = setting(
        "",
        "A Valkey or Redis server that tells other machines of changes; seldom needed.",
        'valkey = "redis://host:6379/0"',
    )
    cdn: Literal["none", "fastly", "cloudflare", "wagtail"] = setting(
        "none", "Who keeps pages for us: see docs/how-to/put-a-cdn-in-front.md.", 'cdn = "fastly"'
    )
    cdn_service: str = setting(
        "",
        "Its id of our service or zone; for wagtail the address of the cache.",
        'cdn_service = "SU1Z0isxPaozGVKXdv0eY"',
    )
    cdn_token: str = setting("", "Secret that lets us purge there.", 'cdn_token = "a long secret"')


@dataclass(frozen=True)
class EmbedConfig:
    """Which other sites may show a discussion or the meter, and call the API."""

    origins: list[str] = settings_list(
        "Sites whose pages may do so, each as scheme and host: see docs/how-to/put-a-discussion-on-any-site.md.",
        'origins = ["https://club.example", "https://www.club.example"]',
    )


@dataclass(frozen=True)
class HooksConfig:
    """Webhooks: which machines may be told what happens here."""

    allow_private: bool = setting(
        False,
        "Whether webhooks may lead into the site's own network (loopback and private addresses), also by http://.",
        "allow_private = true",
    )
