"""The program in the manual takes what is sent: the very block of the page, run as a newsroom would run it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import time

import pytest

from masthead.core import outgoing
from masthead.hooks import services
from masthead.hooks.models import Delivery, Hook, Secret
from masthead.hooks.rules import signing
from masthead.outbox import worker
from masthead.outbox.testing import deliver_all
from tests.architecture.source import ROOT, read
from tests.hooks.conftest import bell

pytestmark = pytest.mark.django_db

PAGE = ROOT / "docs" / "how-to" / "receive-webhooks.md"


def program() -> str:
    """Return the block."""
    found = re.search(r"```python\n(.*?)```", read(PAGE), re.DOTALL)
    assert found
    return found[1]


@contextmanager
def running(folder: Path, secret: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run it at a free port, and return its address when it listens."""
    file = folder / "receiver.py"
    file.write_text(program())
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {"SECRET": secret, "PORT": str(port), "PATH": os.environ["PATH"]}
    with subprocess.Popen(
        [sys.executable, file], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}/", process
        finally:
            process.kill()


def _wait_for(port: int) -> None:
    for _try in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.1).close()
        except OSError:
            threading.Event().wait(0.05)
        else:
            return
    raise AssertionError("the receiver does not listen")


@pytest.fixture
def hook(own_network: None) -> Hook:
    """A receiver whose address is not known yet."""
    made, _secret = services.add_hook(address="http://127.0.0.1:8000/", types=["*"], by=None)
    return made


def test_the_program_of_the_manual_takes_a_message_and_prints_it(hook: Hook, tmp_path: Path) -> None:
    with running(tmp_path, Secret.objects.get().text) as (address, process):
        Hook.objects.update(address=address)
        services.tell([bell(key="k3v9")])
        deliver_all()
        assert Delivery.objects.get().status == 204
        assert process.stdout
        assert process.stdout.readline() == "goal.changed msg_k3v9\n"


def test_it_takes_messages_through_a_change_of_the_secret(hook: Hook, tmp_path: Path) -> None:
    former = Secret.objects.get().text
    new = services.rotate_secret(hook=hook, by=None)
    for secret in (former, new):
        with running(tmp_path, secret) as (address, _process):
            Hook.objects.update(address=address)
            services.tell([bell()])
            deliver_all()
    assert set(Delivery.objects.values_list("status", flat=True)) == {204}


def test_it_refuses_what_others_signed(hook: Hook, tmp_path: Path) -> None:
    with running(tmp_path, "whsec_" + "c29tZWJvZHkgZWxzZSdzIHNlY3JldCBvZiAzMg==") as (address, _process):
        Hook.objects.update(address=address)
        services.tell([bell()])
        worker.run_pending()
    assert Delivery.objects.get().status == 401


def test_an_old_or_altered_message_is_refused(tmp_path: Path) -> None:
    secret = signing.new_secret()
    with running(tmp_path, secret) as (address, _process):

        def status(at: int, body: bytes) -> int:
            signed = signing.headers([secret], "msg_1", at, b'{"type":"a.b"}')
            return outgoing.post(address, body, signed, allow_own_network=True).status

        now = int(time())
        assert status(now, b'{"type":"a.b"}') == 204
        assert status(now, b'{"type":"a.c"}') == 401
        assert status(now - 400, b'{"type":"a.b"}') == 401


def test_the_program_is_as_short_as_the_manual_says() -> None:
    lines = [line for line in program().splitlines() if line.strip() and not line.startswith("import")]
    assert len(lines) <= 15
