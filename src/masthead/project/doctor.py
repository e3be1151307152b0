"""What ``masthead doctor`` looks at. Each check answers with findings: ok, warn or bad, in one sentence each."""

from __future__ import annotations

import shutil
import smtplib
import socket
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import connection

from masthead.core.clock import now
from masthead.discussion import selectors as discussion
from masthead.funding import selectors as funding
from masthead.funding.selectors import held, reconciled, unheard
from masthead.hooks import selectors as hooks
from masthead.outbox import selectors as outbox
from masthead.project.cli.site import database_problem

Level = Literal["ok", "warn", "bad"]
# Two connections at once could damage SQLite's write-ahead log from 3.7.0 until 3.51.3 (release notes, 2026-03-13).
_SQLITE_REPAIRED = (3, 51, 3)
_READ_EVERY = timedelta(hours=6)
_GAP_IS_NEWS = timedelta(days=30)
_LOW_DISK_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    level: Level
    text: str


Check = Callable[[], Iterator[Finding]]


def database() -> Iterator[Finding]:
    """The database answers and has this version's shape."""
    problem = database_problem()
    yield Finding("bad", problem) if problem else Finding("ok", f"The database answers ({connection.vendor}).")
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < _SQLITE_REPAIRED:
        yield Finding(
            "warn",
            f"SQLite {sqlite3.sqlite_version} has a very rare fault in its write-ahead log, mended in 3.51.3: "
            "keep backups, and update Python or the system when you can.",
        )


def django_checks() -> Iterator[Finding]:
    """Django's and the apps' own checks."""
    found = [message for message in checks.run_checks() if message.level >= checks.WARNING]
    for message in found:
        hint = f" {message.hint}" if message.hint else ""
        yield Finding("bad" if message.level >= checks.ERROR else "warn", f"{message.id}: {message.msg}{hint}")
    if not found:
        yield Finding("ok", "The settings fit together.")


def disk() -> Iterator[Finding]:
    """There is room, and it can be written to."""
    data = settings.MASTHEAD.data
    free = shutil.disk_usage(data).free
    megabytes = free // (1024 * 1024)
    if free < _LOW_DISK_BYTES:
        yield Finding("bad", f"Only {megabytes:,} MB are free where {data} lies. Make room before something is lost.")
    else:
        yield Finding("ok", f"{megabytes:,} MB are free.")


def mail() -> Iterator[Finding]:
    """The mail server answers."""
    url = urlsplit(settings.MASTHEAD.mail.url)
    if not url.hostname and settings.MASTHEAD.discussion.guests == "verified":
        yield Finding(
            "warn",
            "Guests prove their address by a mail, but no mail server is set: no guest's comment can appear. "
            'Write [mail] url in masthead.toml, or guests = "open" under [discussion].',
        )
    if not url.hostname:
        yield Finding(
            "warn", "No mail server is set: mails are kept as files in data/mail/. Write [mail] url in masthead.toml."
        )
        return
    server = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    try:
        with server(url.hostname, settings.EMAIL_PORT, timeout=5) as client:
            client.noop()
    except (OSError, smtplib.SMTPException, socket.gaierror) as error:
        yield Finding("bad", f"The mail server {url.hostname}:{settings.EMAIL_PORT} does not answer: {error}.")
    else:
        yield Finding("ok", "The mail server answers.")


def facts_on_their_way() -> Iterator[Finding]:
    """Nothing waits too long in the outbox and nothing was given up."""
    lag = outbox.lag()
    if lag.failed:
        yield Finding(
            "bad", f"{lag.failed} deliveries were given up. See them in the admin under Outbox and send them again."
        )
    if lag.oldest_seconds > 300:
        yield Finding(
            "warn", f"{lag.pending} deliveries wait, the oldest for {lag.oldest_seconds} seconds. Is a worker running?"
        )
    if not lag.failed and lag.oldest_seconds <= 300:
        yield Finding("ok", "No delivery waits.")


def books() -> Iterator[Finding]:
    """The ledger balances and the comment counters agree with a recount."""
    problems = [*funding.ledger_problems(), *discussion.counter_problems()]
    for problem in problems:
        yield Finding("bad", problem)
    if not problems:
        yield Finding("ok", "The ledger balances and all counters agree with a recount.")


def processors() -> Iterator[Finding]:
    """The payment processors answer, all they told is booked, and nothing they did was missed."""
    waiting = held.count_for_a_person()
    if waiting:
        things = "1 payment waits" if waiting == 1 else f"{waiting} payments wait"
        yield Finding("warn", f"{things} for your decision, and no money is booked for it: see Money, To decide.")
    cursors = held.cursors()
    for cursor in cursors:
        if cursor.problem:
            yield Finding(
                "bad", f"{cursor.provider} could not be read since {cursor.moved_at:%F %H:%M}: {cursor.problem}"
            )
        elif cursor.caught_up_at and cursor.caught_up_at < now() - _READ_EVERY:
            at = f"{cursor.caught_up_at:%F %H:%M}"
            yield Finding("warn", f"{cursor.provider} was last read to the end on {at}. Is a worker running?")
        if cursor.gap_from and cursor.gap_seen_at and cursor.gap_seen_at > now() - _GAP_IS_NEWS:
            yield Finding(
                "warn",
                f"{cursor.provider} was not read from {cursor.gap_from:%F} on and had forgotten what changed; "
                f"everything was listed anew on {cursor.gap_seen_at:%F}.",
            )
    stuck = len(unheard.stuck())
    if stuck:
        things = "1 payment has" if stuck == 1 else f"{stuck} payments have"
        yield Finding(
            "warn",
            f"{things} been on the way for more than {unheard.LONG_ON_ITS_WAY.days} days: see Money, To decide.",
        )
    differences = len(reconciled.open_differences())
    if differences:
        things = "1 difference" if differences == 1 else f"{differences} differences"
        yield Finding("warn", f"{things} between the books and a processor: see Money, Reconciliation.")
    if cursors and not waiting and not stuck and not differences and not any(cursor.problem for cursor in cursors):
        yield Finding("ok", "All that the payment processors told is booked.")


def webhooks() -> Iterator[Finding]:
    """Every webhook that is not switched off by a person is taken."""
    for hook in hooks.troubled():
        if hook.failing_since and hook.state == "on":
            yield Finding("warn", f"The webhook {hook.address} fails since {hook.failing_since:%F %H:%M}.")
        else:
            yield Finding("warn", f"The webhook {hook.address} was switched off: it {hook.get_state_display()}.")


CHECKS: list[Check] = [database, django_checks, disk, mail, facts_on_their_way, webhooks, processors, books]


def examine() -> Iterator[Finding]:
    """Run all checks; stops after the first when the database cannot be used."""
    for check in CHECKS:
        findings = list(check())
        yield from findings
        if check is database and any(item.level == "bad" for item in findings):
            return
