"""What a browser does on a page with a discussion."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup

from masthead.discussion.models import Comment
from masthead.outbox.testing import deliver_all
from tests.client import CheckingClient
from tests.letters import letters, links_in

FRAGMENT = {"X-Masthead-Fragment": "1"}
POST = "/-/comments/post/"
ADA = "ada@example.org"


def send(client: CheckingClient, *, script: bool = False, **values: Any) -> Any:
    """Send the comment form as Ada unless told otherwise."""
    data = {"thread": "article:1", "name": "Ada", "text": "I was there.", "website": "", **values}
    return client.post(POST, data, headers=FRAGMENT if script else {})


def act(client: CheckingClient, comment: Comment, action: str, *, script: bool = False, **values: str) -> Any:
    """Send one of the forms of a comment."""
    return client.post(f"/-/comments/{comment.public_id}/{action}/", values, headers=FRAGMENT if script else {})


def soup(response: Any) -> BeautifulSoup:
    """Return a reply as a browser understands it."""
    return BeautifulSoup(response.content, "html.parser")


def follow(client: CheckingClient, response: Any) -> BeautifulSoup:
    """Go where a form sent us, as a browser does (303, then GET)."""
    assert response.status_code == 303
    return soup(client.get(response["Location"].split("#")[0]))


# Where guests prove their address.


def write(client: CheckingClient, text: str = "I was there.", *, script: bool = False, **values: str) -> Any:
    """Send a comment with an address."""
    return send(client, text=text, script=script, **{"address": ADA, **values})


def button() -> str:
    """Return the path of the page that the last mail leads to."""
    deliver_all()
    return links_in(letters()[-1])[0]


def press(client: CheckingClient, path: str = "", **values: str) -> Any:
    """Open the page of the last mail and press its button."""
    path = path or button()
    client.get(path)
    return client.post(path, values)


def prove(client: CheckingClient, **values: str) -> Comment:
    """Write, and press the button in the same browser."""
    write(client, script=False, **values)
    press(client)
    return Comment.objects.latest("id")
