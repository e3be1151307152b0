"""No machine is spoken to that is not meant, and none for longer than agreed."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from masthead.core import addresses, outgoing
from masthead.core.outgoing import NoReply, Reply, Why, post
from tests.certificates import Pair, make_pair

REFUSED = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254"),  # noqa: S104 - nothing is bound
    *("172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "203.0.113.5"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),  # mapped
    *("::127.0.0.1", "::10.0.0.1"),  # compatible
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808"),  # NAT64
    *("2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::"),  # 6to4
    *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:4860::5efe:a00:1", "2001:4860::200:5efe:7f00:1"),  # tunnels
    *("100::1", "2001:2::1", "3fff::1", "4000::1", "5f00::1", "e000::1"),
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_not_the_whole_internet_may_reach_is_not_public(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert addresses.is_public(address)
    assert not addresses.is_of_own_network(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.0.9", "::1", "fd00::1"])
def test_the_own_network_is_loopback_and_private_addresses(address: str) -> None:
    assert addresses.is_of_own_network(address)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "0.0.0.1", "224.0.0.1", "::", "fe80::1", "::ffff:169.254.169.254", "100.64.0.1"]
)
def test_where_clouds_keep_their_keys_is_never_the_own_network(address: str) -> None:
    assert not addresses.is_of_own_network(address)


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A machine on this one: answers each connection by a function, and says at which port."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _where = server.accept()
            except OSError:
                return
            try:
                answer(connection)
            except OSError:
                pass
            finally:
                connection.close()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()


def says(text: str) -> Callable[[socket.socket], None]:
    """Read a request and answer with these words."""

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(text.encode())

    return answer


def here(url: str, **options: object) -> Reply:
    """Post as a site whose own network may be spoken to."""
    return post(url, b"{}", {}, allow_own_network=True, **options)  # type: ignore[arg-type]


def refused(call: Callable[[], object]) -> Why:
    """Return why a call came back with nothing."""
    with pytest.raises(NoReply) as refusal:
        call()
    return refusal.value.why


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example/", Why.NO_ADDRESS),
        ("https://user:word@hooks.example/", Why.NO_ADDRESS),
        ("https://hooks.example:25/", Why.NO_ADDRESS),
        ("https://hooks.example:6379999/", Why.NO_ADDRESS),
        ("ftp://hooks.example/", Why.NO_ADDRESS),
        ("//hooks.example/", Why.NO_ADDRESS),
        ("https://127.0.0.1/", Why.INSIDE),
        ("https://2130706433/", Why.INSIDE),
        ("https://0x7f.1/", Why.INSIDE),
        ("https://localhost:8443/", Why.INSIDE),
        ("https://[::ffff:169.254.169.254]/", Why.INSIDE),
        ("https://[::1]:8443/", Why.INSIDE),
        ("https://host.invalid/", Why.UNKNOWN_HOST),
    ],
)
def test_nothing_but_the_public_web_is_spoken_to_and_only_secretly(url: str, why: Why) -> None:
    assert refused(lambda: post(url, b"", {})) is why


def test_one_inside_address_among_public_ones_is_enough_to_refuse_a_host() -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        return ["8.8.8.8", "10.0.0.1"]

    assert refused(lambda: post("https://a.example/", b"", {}, resolve=resolve)) is Why.INSIDE


def test_a_name_that_changes_between_the_look_and_the_use_leads_where_it_led_when_it_was_judged() -> None:
    """DNS rebinding: the second answer would lead to this machine; nobody asks for it."""
    answers = iter([["192.0.2.77"], ["127.0.0.1"]])
    judged: list[str] = []

    def judge(address: str) -> bool:
        judged.append(address)
        return True

    found = outgoing.judged_addresses("a.example", 443, resolve=lambda _host, _port: next(answers), judge=judge)
    assert found == judged == ["192.0.2.77"]
    with listening(says("HTTP/1.1 200 OK\r\n\r\n")) as port:
        asked: list[str] = []

        def resolve(host: str, _port: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

        assert here(f"http://a.example:{port}/", resolve=resolve).status == 200
        assert asked == ["a.example"], "the name is looked up once, and the connection goes to that answer"


def test_in_the_clear_only_the_own_network_is_spoken_to() -> None:
    assert refused(lambda: here("http://a.example/", resolve=lambda _h, _p: ["8.8.8.8"])) is Why.INSIDE


def test_the_cloud_keeps_its_keys_also_where_the_own_network_may_be_spoken_to() -> None:
    assert refused(lambda: here("http://169.254.169.254/latest/")) is Why.INSIDE
    assert refused(lambda: here("https://169.254.169.254/latest/")) is Why.INSIDE


def test_a_redirect_is_an_answer_and_nothing_is_followed() -> None:
    with listening(says("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n")) as port:
        assert here(f"http://127.0.0.1:{port}/").status == 302


def test_the_beginning_of_an_answer_is_read_and_no_more() -> None:
    body = "x" * 100_000
    with listening(says(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}")) as port:
        assert len(here(f"http://127.0.0.1:{port}/", most_bytes=500).body) == 500


def test_an_answer_without_a_length_ends_with_its_connection_and_is_read() -> None:
    with listening(says("HTTP/1.0 500 No\r\n\r\nwhat went wrong")) as port:
        assert here(f"http://127.0.0.1:{port}/") == Reply(500, b"what went wrong")


def drip(connection: socket.socket) -> None:
    """Send a head one byte at a time, each within anybody's patience."""
    connection.recv(65536)
    for letter in "HTTP/1.1 200 OK\r\nX-Long: " + "x" * 2000:
        connection.sendall(letter.encode())
        threading.Event().wait(0.02)


def test_a_machine_that_drips_is_left_when_the_time_is_over() -> None:
    began = time.monotonic()
    with listening(drip) as port:
        assert refused(lambda: here(f"http://127.0.0.1:{port}/", seconds=0.5)) is Why.TOO_SLOW
    assert time.monotonic() - began < 5


def test_a_body_that_never_ends_does_not_undo_the_status() -> None:
    def stall(connection: socket.socket) -> None:
        says("HTTP/1.1 204 No Content\r\n\r\n")(connection)
        connection.recv(1)

    with listening(stall) as port:
        assert here(f"http://127.0.0.1:{port}/", seconds=5).status == 204


@pytest.mark.parametrize("words", ["", "SSH-2.0-OpenSSH_9.9\r\n", "HTTP/1.1 hello\r\n\r\n"])
def test_what_is_no_http_is_no_answer(words: str) -> None:
    with listening(says(words)) as port:
        assert refused(lambda: here(f"http://127.0.0.1:{port}/")) in {Why.UNREADABLE, Why.NO_CONNECTION}


def test_nobody_at_home_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert refused(lambda: here(f"http://127.0.0.1:{port}/")) is Why.NO_CONNECTION


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A certificate for ``receiver.example``, and the authority that signed it."""
    return make_pair(tmp_path_factory.mktemp("tls"), "receiver.example")


def speaking_tls(pair: Pair) -> Callable[[socket.socket], None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.chain)

    def answer(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            # Whole: to close what is not read to its end takes the answer away with it.
            whole = b""
            while not whole.endswith(b"{}") and (more := secure.recv(65536)):
                whole += more
            secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    return answer


@pytest.mark.parametrize(
    ("name", "is_believed"), [("receiver.example", True), ("other.example", False), ("127.0.0.1", False)]
)
def test_tls_checks_the_name_although_the_connection_goes_to_an_address(
    pair: Pair, name: str, is_believed: bool
) -> None:
    trust = ssl.create_default_context(cafile=str(pair.authority))
    with listening(speaking_tls(pair)) as port:

        def call() -> Reply:
            return here(f"https://{name}:{port}/", resolve=lambda _h, _p: ["127.0.0.1"], trust=trust)

        if is_believed:
            assert call() == Reply(200, b"ok")
        else:
            assert refused(call) is Why.NO_TRUST


def test_a_certificate_that_nobody_signed_is_not_believed(pair: Pair) -> None:
    with listening(speaking_tls(pair)) as port:
        url = f"https://receiver.example:{port}/"
        assert refused(lambda: here(url, resolve=lambda _h, _p: ["127.0.0.1"])) is Why.NO_TRUST


def test_the_second_address_is_tried_when_the_first_is_silent() -> None:
    with listening(says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as port:
        found = ["::1", "127.0.0.1"]  # nobody listens at the first
        assert here(f"http://a.example:{port}/", resolve=lambda _h, _p: found).status == 200
