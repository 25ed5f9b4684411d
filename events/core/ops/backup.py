"""Online backup of the database (consistent snapshot) and the media in one archive."""

import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL, make_url

from events.core import clock
from events.core.config import Settings
from events.core.sqlite_driver import sqlite as driver

_ARCHIVE = re.compile(r"ontmoet-\d{8}-\d{6}\.tar\.gz")


class BackupFailed(Exception):
    """No backup was made; the message is one sentence."""


def back_up(settings: Settings, directory: Path) -> Path:
    """Write one archive with database.db (or database.sql) and media/ and return its path.

    It gets its name only when complete, and only its owner may read it.
    """
    stamp = f"{clock.now():%Y%m%d-%H%M%S}"
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryDirectory(dir=directory, prefix=".backup-") as scratch:
            begun = Path(scratch) / "archive"
            dump = _dump_sqlite if settings.embedded else _dump_postgres
            kept = dump(settings, Path(scratch))
            with tarfile.open(begun, "w:gz") as written:
                written.add(kept, kept.name)
                if settings.media_dir.exists():
                    written.add(settings.media_dir, "media")
            begun.chmod(0o600)
            return begun.rename(directory / f"ontmoet-{stamp}.tar.gz")
    except OSError as error:
        raise BackupFailed(f"Nothing could be written to {directory}: {error.strerror or error}.") from None


def prune(directory: Path, keep: int) -> list[Path]:
    """Delete all our archives but the newest `keep`; returns the deleted ones."""
    archives = sorted(path for path in directory.iterdir() if _ARCHIVE.fullmatch(path.name))
    gone = archives[:-keep]
    for archive in gone:
        archive.unlink()
    return gone


def _dump_sqlite(settings: Settings, scratch: Path) -> Path:
    source = make_url(settings.database_url).database
    if not source or not Path(source).exists():
        raise BackupFailed(f"There is no database at {source}.")
    target = scratch / "database.db"
    try:
        with driver.connect(source) as live, driver.connect(target) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # a file that stands alone, without -wal beside it
            (found,) = copy.execute("PRAGMA integrity_check").fetchone()
        copy.close()
        live.close()
    except driver.Error as error:
        raise BackupFailed(f"{source} cannot be copied: {error}.") from None
    if found != "ok":
        raise BackupFailed(f"The copy does not check out: {found}")
    return target


def _dump_postgres(settings: Settings, scratch: Path) -> Path:
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupFailed("pg_dump is not on this machine; install PostgreSQL's client programs.")
    target = scratch / "database.sql"
    address, secrets = for_client_programs(make_url(settings.database_url))
    command = [program, "--no-owner", "--no-privileges", "--no-password", "--file", str(target), address]
    done = subprocess.run(  # noqa: S603 - fixed program
        command, env=os.environ | secrets, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BackupFailed(f"pg_dump did not succeed: {done.stderr.strip()[-300:]}")
    return target


def for_client_programs(url: URL) -> tuple[str, dict[str, str]]:
    """Connection string for pg_dump and psql, and environment variables with the password.

    Everybody on the machine can see arguments. Without a password there is no variable, so that a
    password file or peer authentication applies.
    """
    _, named = url.get_dialect()().create_connect_args(url)
    password = named.pop("password", None)
    secrets = {} if password is None else {"PGPASSWORD": str(password)}
    return make_conninfo(**named), secrets
