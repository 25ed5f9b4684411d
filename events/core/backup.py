"""Backups that can be taken while people are in: the database as of one moment, and the media."""

import os
import shutil
import sqlite3
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url

from events.core import clock
from events.core.config import Settings


class BackupFailed(Exception):
    """Nothing was kept; the message is one plain sentence."""


def back_up(settings: Settings, directory: Path) -> Path:
    """Write one archive with database.db (or database.sql) and media/; its path.

    It appears under its name only once it is whole, readable to nobody but its owner.
    """
    stamp = f"{clock.now():%Y%m%d-%H%M%S}"
    directory.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=directory, prefix=".backup-") as scratch:
        begun = Path(scratch) / "archive"
        dump = _dump_sqlite if settings.embedded else _dump_postgres
        with tarfile.open(begun, "w:gz") as written:
            kept = dump(settings, Path(scratch))
            written.add(kept, kept.name)
            if settings.media_dir.exists():
                written.add(settings.media_dir, "media")
        begun.chmod(0o600)
        return begun.rename(directory / f"ontmoet-{stamp}.tar.gz")


def _dump_sqlite(settings: Settings, scratch: Path) -> Path:
    source = make_url(settings.database_url).database
    if not source or not Path(source).exists():
        raise BackupFailed(f"There is no database at {source}.")
    target = scratch / "database.db"
    with sqlite3.connect(source) as live, sqlite3.connect(target) as copy:
        live.backup(copy)
        (found,) = copy.execute("PRAGMA integrity_check").fetchone()
    copy.close()
    live.close()
    if found != "ok":
        raise BackupFailed(f"The copy does not check out: {found}")
    return target


def _dump_postgres(settings: Settings, scratch: Path) -> Path:
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupFailed("pg_dump is not on this machine; install PostgreSQL's client programs.")
    target = scratch / "database.sql"
    url = make_url(settings.database_url)
    address = url.set(drivername="postgresql", password=None).render_as_string()
    environment = os.environ | {"PGPASSWORD": str(url.password or "")}  # arguments are seen by everyone
    command = [program, "--no-owner", "--file", str(target), address]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - fixed program
    if done.returncode != 0:
        raise BackupFailed(f"pg_dump did not succeed: {done.stderr.strip()[-300:]}")
    return target
