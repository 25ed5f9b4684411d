"""Backups that can be taken while people are in: the database as of one moment, and the media."""

import shutil
import sqlite3
import subprocess
import tarfile
from pathlib import Path

from sqlalchemy.engine import make_url

from events.core import clock
from events.core.config import Settings


class BackupFailed(Exception):
    """Nothing was kept; the message is one plain sentence."""


def back_up(settings: Settings, directory: Path) -> Path:
    """Write one archive with database.db (or database.sql) and media/; its path."""
    stamp = f"{clock.now():%Y%m%d-%H%M%S}"
    scratch = directory / f".{stamp}"
    scratch.mkdir(parents=True)
    try:
        dump = _dump_sqlite(settings, scratch) if settings.embedded else _dump_postgres(settings, scratch)
        archive = directory / f"ontmoet-{stamp}.tar.gz"
        with tarfile.open(archive, "w:gz") as written:
            written.add(dump, dump.name)
            if settings.media_dir.exists():
                written.add(settings.media_dir, "media")
    finally:
        shutil.rmtree(scratch)
    return archive


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
    address = settings.database_url.replace("postgresql+psycopg", "postgresql", 1)
    subprocess.run([program, "--file", str(target), address], check=True)  # noqa: S603 - fixed program
    return target
