"""How fast an archive is brought in: comments a second, and the ratio to bare inserts of the same rows.

Run it in an environment with Masthead installed:

    python -m benchmarks.import_rate [--comments 10000] [--stories 10] [--json]

It makes a site in a temporary folder, writes an export, imports it, imports it again, and prints what it measured.
The ratio compares with the fastest way to put the same texts into the same database: plain rows in one transaction,
without threading, cleaning, counters or the search index.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import time
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks import machine, sites
from benchmarks.figures import Figure, Result, Target, emit

# DESIGN section 6.
RATE_TARGET = Target("at least", 2_000)

WORDS = (
    "The pumps were bought two weeks after the warning, and nobody at the harbour office remembers who signed. "
    "I was there when they came. <em>Ask the engineer.</em>\n\nSee https://example.org/minutes for the numbers."
)
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old Post</title><link>https://old.example</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
"""


def write_export(path: Path, stories: int, comments: int) -> None:
    """Write an export in which every third comment answers the one before it."""
    each = comments // stories
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for story in range(1, stories + 1):
            file.write(
                f"<item><title>Story {story}</title><link>https://old.example/story-{story}/</link>"
                f"<dc:creator>ada</dc:creator><content:encoded>{escape(WORDS)}</content:encoded>"
                f"<wp:post_id>{story}</wp:post_id><wp:post_date_gmt>2024-03-01 10:00:00</wp:post_date_gmt>"
                f"<wp:post_name>story-{story}</wp:post_name><wp:status>publish</wp:status>"
                "<wp:post_type>post</wp:post_type><wp:comment_status>open</wp:comment_status>"
            )
            for number in range(1, each + 1):
                parent = number - 1 if number % 3 == 0 else 0
                file.write(
                    f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>Reader {number % 97}"
                    f"</wp:comment_author><wp:comment_author_email>r{number % 97}@example.invalid"
                    f"</wp:comment_author_email><wp:comment_date_gmt>2024-03-02 {number // 3600 % 24:02}:"
                    f"{number // 60 % 60:02}:{number % 60:02}</wp:comment_date_gmt>"
                    f"<wp:comment_content>{number}. {escape(WORDS)}</wp:comment_content>"
                    "<wp:comment_approved>1</wp:comment_approved><wp:comment_type></wp:comment_type>"
                    f"<wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"
                )
            file.write("</item>")
        file.write("</channel></rss>")


def bare_inserts(folder: Path, comments: int) -> float:
    """Return the seconds that plain rows take in one transaction."""
    database = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        " CREATE TABLE comment (id INTEGER PRIMARY KEY, thread INTEGER,"
        " parent INTEGER, name TEXT, email TEXT, source TEXT, html TEXT, at TEXT); CREATE INDEX by_thread ON comment"
        " (thread, at, id);"
    )
    started = time.perf_counter()
    database.execute("BEGIN IMMEDIATE")
    database.executemany(
        "INSERT INTO comment (thread, parent, name, email, source, html, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((n % 10, None, f"Reader {n % 97}", "r@example.invalid", WORDS, WORDS, "2024-03-02") for n in range(comments)),
    )
    database.execute("COMMIT")
    return time.perf_counter() - started


def measured_import(path: Path) -> tuple[float, int, int]:
    """Import a file; return seconds, and how many records were added and were there."""
    from masthead.porting.run import ImportOptions, SiteImport
    from masthead.porting.sources.wordpress.reader import WordPressSource

    started = time.perf_counter()
    report = SiteImport(WordPressSource(path), path, ImportOptions()).perform()
    return time.perf_counter() - started, report.added, report.unchanged


def peak_megabytes() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(folder: Path, comments: int, stories: int) -> list[Figure]:
    """Import an export twice, and put the same rows in barely."""
    export = folder / "export.xml"
    write_export(export, stories, comments)
    before = peak_megabytes()
    busy = time.process_time()
    with machine.Watch() as watch:
        seconds, added, _unchanged = measured_import(export)
    processor = time.process_time() - busy
    again, added_again, unchanged = measured_import(export)
    bare = bare_inserts(folder, comments)
    foreign = (watch.foreign,)
    return [
        Figure("export", "MB", (export.stat().st_size / 1e6,)),
        Figure("import", "comments/s", (comments / seconds,), foreign, RATE_TARGET),
        Figure("import per second of processor time", "comments/s", (comments / processor,), foreign),
        Figure("records added", "", (added,)),
        Figure("second import", "s", (again,)),
        Figure("second import: added", "", (added_again,), (), Target("exactly", 0)),
        Figure("second import: unchanged", "", (unchanged,)),
        Figure("bare inserts", "rows/s", (comments / bare,)),
        Figure("import takes so many times as long as bare inserts", "", (seconds / bare,)),
        Figure("peak memory before", "MB", (before,)),
        Figure("peak memory", "MB", (peak_megabytes(),)),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comments", type=int, default=10_000)
    parser.add_argument("--stories", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with sites.new_site() as site:
        found = measure(site.parent, chosen.comments, chosen.stories)
    title = f"Import of {chosen.comments:,} comments in {chosen.stories} stories"
    emit(Result("import_rate", title, tuple(found)), as_json=chosen.json)


if __name__ == "__main__":
    main()
