"""Settings of the test run: the product's own, on a scratch site. PostgreSQL when DATABASE_URL names one."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from masthead.project.composition import build
from masthead.project.config import Config
from masthead.project.sections import DatabaseConfig, DiscussionConfig, FundingConfig, ServerConfig, SiteConfig

SITE_FOLDER = Path(tempfile.mkdtemp(prefix="masthead-tests-"))
atexit.register(shutil.rmtree, SITE_FOLDER, ignore_errors=True)  # type checkers and tools load these settings too
(SITE_FOLDER / "data").mkdir()

CONFIG = Config(
    root=SITE_FOLDER,
    secret_key="only-for-tests-" + "x" * 40,
    site=SiteConfig(name="The Saltmere Ledger", url="http://testserver", time_zone="America/New_York"),
    database=DatabaseConfig(url=os.environ.get("DATABASE_URL", "")),
    discussion=DiscussionConfig(guests="open"),
    funding=FundingConfig(account_holder="Saltmere Ledger Trust", iban="DE02 1203 0000 0000 2020 51"),
    server=ServerConfig(hosts=["testserver"]),
)

# Named for the type checker, which reads this module; their values come from build().
MASTHEAD: Config = CONFIG
CONTENT_POLICY: str
ADMIN_CONTENT_POLICY: str

globals().update(build(CONFIG))

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REFUSE_PERSONAL_REPLIES = True
(SITE_FOLDER / "data" / "static").mkdir()

# Durability is of no use to a test.
if os.environ.get("DATABASE_URL"):
    globals()["DATABASES"]["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
else:
    # A file, as in production: threads meet in it under the same locks.
    globals()["DATABASES"]["default"]["TEST"] = {"NAME": str(SITE_FOLDER / "data" / "test.sqlite3")}
    globals()["DATABASES"]["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
