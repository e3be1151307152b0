"""Addresses of the demo paper."""

from __future__ import annotations

SITE_NAME = "The Saltmere Ledger"
LEAD = "/town-hall/the-pumps-were-bought-two-weeks-after-the-warning/"
# Stories for tests that write, so that tests which read find the lead story as it was seeded.
QUIET = "/town-hall/the-14-bus-goes-back-to-the-ferry/"
SUPPORT = "/support/"
WORKING = "/support/working/"

# Every kind of page a reader can meet: name, address, status.
PAGES = {
    "front": ("/", 200),
    "article": (LEAD, 200),
    "section": ("/town-hall/", 200),
    "author": ("/authors/marit-oyelaran/", 200),
    "tag": ("/tags/flooding/", 200),
    "plain page": ("/about-us/", 200),
    "search": ("/search/?q=pumps", 200),
    "search without a match": ("/search/?q=zzyzx", 200),
    "search without words": ("/search/", 200),
    "support": (SUPPORT, 200),
    "working": (WORKING, 200),
    "campaign": ("/support/ledger-fund/", 200),
    "thanks by name": ("/support/ledger-fund/supporters/", 200),
    "sign in": ("/accounts/login/", 200),
    "nothing": ("/no/such/page/", 404),
}
