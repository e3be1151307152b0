"""How fast an archive is brought in: comments a second, and the ratio to bare inserts of the same rows.

Run it in an environment with Masthead installed:

    python benchmarks/import_rate.py [--comments 10000] [--stories 10]

It makes a site in a temporary folder, writes an export, imports it, imports it again, and prints what it measured.
The ratio compares with the fastest way to put the same texts into the same database: plain rows in one transaction,
without threading, cleaning, counters or the search index.
"""

from __future__ import annotations

import argparse
import os
import resource
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from xml.sax.saxutils import escape

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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comments", type=int, default=10_000)
    parser.add_argument("--stories", type=int, default=10)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="masthead-benchmark-") as name:
        folder = Path(name)
        site = folder / "site"
        os.environ["MASTHEAD_SITE"] = str(site)
        from masthead.project.cli import main as cli

        cli(["init", str(site), "--name", "Benchmark"], standalone_mode=False)
        export = folder / "export.xml"
        write_export(export, chosen.stories, chosen.comments)
        before = peak_megabytes()
        busy = time.process_time()
        seconds, added, _unchanged = measured_import(export)
        processor = time.process_time() - busy
        again, added_again, unchanged = measured_import(export)
        bare = bare_inserts(folder, chosen.comments)
        megabytes = export.stat().st_size / 1e6
        lines = [
            f"export            {megabytes:.1f} MB, {chosen.comments} comments, {chosen.stories} stories",
            f"import            {seconds:.2f} s, {chosen.comments / seconds:,.0f} comments/s, {added} records added",
            f"processor time    {processor:.2f} s, {chosen.comments / processor:,.0f} comments per second of it",
            f"second import     {again:.2f} s, {added_again} added, {unchanged} unchanged",
            f"bare inserts      {bare:.2f} s, {chosen.comments / bare:,.0f} rows/s",
            f"ratio             import takes {seconds / bare:.1f} times as long as bare inserts",
            f"peak memory       {peak_megabytes():.0f} MB, {before:.0f} MB before the import",
        ]
        sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
