"""A publisher who writes a wrong line is told so, with the right one."""

from __future__ import annotations

from pathlib import Path

import pytest

from masthead.project.config import ConfigError, load

KEY = "k" * 50


def site(folder: Path, text: str) -> Path:
    """Write a site with these settings."""
    (folder / "data").mkdir()
    (folder / "data" / "secret_key").write_text(KEY, encoding="ascii")
    (folder / "masthead.toml").write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    """Return what is said about these settings."""
    with pytest.raises(ConfigError) as caught:
        load(site(folder, text), environ or {})
    return caught.value.problems


def test_a_complete_file_gives_typed_values(tmp_path: Path) -> None:
    config = load(site(tmp_path, '[site]\nname = "Ledger"\n[discussion]\nedit_window_minutes = 30\n'), {})
    assert config.site.name == "Ledger"
    assert config.discussion.edit_window_minutes == 30
    assert config.data == tmp_path / "data"
    assert config.secret_key == KEY


def test_all_errors_come_at_once_each_with_the_line_to_write(tmp_path: Path) -> None:
    text = (
        '[site]\nname = 3\nurl = "ftp://x"\ntime_zone = "Mars/Base"\ncolour = "red"\n'
        '[discussion]\nguests = "everyone"\nedit_window_minutes = true\n[shop]\nopen = true\n'
        '[database]\nurl = "mysql://x/y"\n[server]\ntrusted_proxies = ["nowhere"]\n'
    )
    said = problems(tmp_path, text)
    joined = "\n".join(said)
    for fragment in [
        "[shop] is not a section",
        "[site] colour is not a setting",
        'Write: name = "The Saltmere Ledger"',
        'Write: url = "https://ledger.example"',
        "'Mars/Base', which is no known zone",
        "must be one of: verified, open, members",
        "Write: edit_window_minutes = 15",
        "must begin with postgresql://",
        "holds 'nowhere', which is no network",
    ]:
        assert fragment in joined


def test_a_missing_file_says_how_to_make_a_site(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})
    assert "masthead init DIR" in str(caught.value)


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    assert "cannot be read" in problems(tmp_path, "site = [")[0]


def test_a_value_where_a_section_belongs_is_refused(tmp_path: Path) -> None:
    assert any("write [site] on a line of its own" in item for item in problems(tmp_path, 'site = "x"\n'))


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("postgresql://db/x\n", encoding="utf-8")
    environ = {
        "MASTHEAD_SITE_NAME": "Other",
        "MASTHEAD_DATABASE_URL_FILE": str(secret),
        "MASTHEAD_DISCUSSION_INVITATION": "yes",
        "MASTHEAD_SERVER_HOSTS": "a.example, b.example",
        "MASTHEAD_DISCUSSION_EDIT_WINDOW_MINUTES": "5",
    }
    config = load(site(tmp_path, '[site]\nname = "Ledger"\n'), environ)
    assert config.site.name == "Other"
    assert config.database.url == "postgresql://db/x"
    assert config.discussion.invitation is True
    assert config.discussion.edit_window_minutes == 5
    assert config.server.hosts == ["a.example", "b.example"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MASTHEAD_DISCUSSION_INVITATION", "maybe"),
        ("MASTHEAD_DISCUSSION_EDIT_WINDOW_MINUTES", "ten"),
        ("MASTHEAD_DATABASE_URL_FILE", "/nowhere/at/all"),
    ],
)
def test_a_wrong_environment_value_is_refused(tmp_path: Path, name: str, value: str) -> None:
    said = problems(tmp_path, '[site]\nname = "Ledger"\n', {name: value})
    assert len(said) == 1
    assert "Write:" in said[0]


def test_a_short_or_missing_key_is_refused(tmp_path: Path) -> None:
    folder = site(tmp_path, '[site]\nname = "Ledger"\n')
    (folder / "data" / "secret_key").write_text("short", encoding="ascii")
    with pytest.raises(ConfigError, match="fewer than 40"):
        load(folder, {})
    (folder / "data" / "secret_key").unlink()
    with pytest.raises(ConfigError, match="missing or unreadable"):
        load(folder, {})


def test_an_accent_too_faint_to_read_is_answered_with_the_nearest_that_can(tmp_path: Path) -> None:
    said = problems(tmp_path, '[site]\nname = "Ledger"\naccent = "#ffee00"\n')
    assert len(said) == 1
    assert "too faint to read" in said[0]
    assert "the nearest that passes is #816d00" in said[0]


def test_an_accent_that_is_no_colour_is_refused(tmp_path: Path) -> None:
    said = problems(tmp_path, '[site]\nname = "Ledger"\naccent = "crimson"\n')
    assert said == ["[site] accent is 'crimson', which is no colour. Write: accent = \"#8c2a1e\""]


def test_own_fields_are_tables_whose_errors_come_with_all_others(tmp_path: Path) -> None:
    text = (
        '[site]\nname = "Ledger"\n[[discussion.fields]]\nname = "Town!"\nlabel = ""\nkind = "radio"\ncolour = 1\n'
        '[[discussion.fields]]\nname = "job"\nlabel = "Job?"\nkind = "select"\nchoices = ["one"]\n'
        '[[discussion.fields]]\nname = "job"\nlabel = "I agree"\nkind = "consent"\npublic = true\nchoices = ["x"]\n'
    )
    joined = "\n".join(problems(tmp_path, text))
    for fragment in [
        "[discussion.fields 1] colour is not a setting",
        "[discussion.fields 1] name is 'Town!', but must be small letters",
        "[discussion.fields 1] label must have 1 to 500 characters. Write: label =",
        "[discussion.fields 1] kind is 'radio', but must be one of: text, select, checkbox, consent",
        "[discussion.fields 2] choices must be 2 to 30",
        "[discussion.fields 3] name is 'job', which another field has already",
        "[discussion.fields 3] choices are for a select",
        "[discussion.fields 3] public is true, but what somebody consented to",
    ]:
        assert fragment in joined


def test_own_fields_become_typed_values_and_are_at_most_eight(tmp_path: Path) -> None:
    table = '[[discussion.fields]]\nname = "f{0}"\nlabel = "Question {0}"\n'
    head = '[site]\nname = "Ledger"\n'
    (tmp_path / "good").mkdir()
    config = load(site(tmp_path / "good", head + "".join(table.format(n) for n in range(8))), {})
    assert [field.label for field in config.discussion.fields][::7] == ["Question 0", "Question 7"]
    (tmp_path / "many").mkdir()
    assert "at most 8" in problems(tmp_path / "many", head + "".join(table.format(n) for n in range(9)))[0]


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        ("club.example", 'origins = ["https://club.example"]'),
        ("https://club.example/", 'origins = ["https://club.example"]'),
        ("https://club.example/news", 'origins = ["https://club.example"]'),
        ("https://CLUB.example:443", 'origins = ["https://club.example"]'),
        ("http://club.example:8080", 'origins = ["https://club.example:8080"]'),
        ("https://bücher.example", 'origins = ["https://xn--bcher-kva.example"]'),
        ("*", 'origins = ["https://club.example"]'),
        ("https://*.club.example", 'origins = ["https://club.example"]'),
        ("null", 'origins = ["https://club.example"]'),
        ("https://me@club.example", 'origins = ["https://club.example"]'),
        ("https://club.example:99999", 'origins = ["https://club.example"]'),
        ("ftp://club.example", 'origins = ["https://club.example"]'),
        ("", 'origins = ["https://club.example"]'),
        ("https://ledger.example", "origins = []"),
    ],
)
def test_an_origin_that_could_never_match_is_answered_with_the_line_to_write(
    tmp_path: Path, *, origin: str, line: str
) -> None:
    text = f'[site]\nname = "Ledger"\nurl = "https://ledger.example"\n[embed]\norigins = ["{origin}"]\n'
    said = problems(tmp_path, text)
    assert len(said) == 1
    assert f"[embed] origins holds {origin!r}" in said[0]
    assert said[0].endswith(f"Write: {line}")


def test_origins_as_browsers_write_them_are_taken(tmp_path: Path) -> None:
    origins = ["https://club.example", "https://xn--bcher-kva.example:8443", "http://127.0.0.1:9000", "https://[::1]"]
    config = load(site(tmp_path, f'[site]\nname = "Ledger"\n[embed]\norigins = {origins!r}\n'.replace("'", '"')), {})
    assert config.embed.origins == origins
    assert load(tmp_path, {"MASTHEAD_EMBED_ORIGINS": "https://a.example"}).embed.origins == ["https://a.example"]


def test_a_country_s_receipts_need_who_issues_them_and_by_what_right(tmp_path: Path) -> None:
    text = '[funding]\nreceipt_country = "de"\nreceipt_series = "sl 1"\nreceipt_issuer = "Ledger e. V."\n'
    said = problems(tmp_path, text)
    for key in ("receipt_series", "receipt_address", "receipt_tax_id", "receipt_recognition"):
        assert any(f"[funding] {key} is " in problem and f"Write: {key} = " in problem for problem in said), key
    assert not any("receipt_issuer" in problem for problem in said)
