"""Demo circle seeded once per test process: a SQLite file and a PostgreSQL data directory to copy."""

import atexit
import shutil
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from events.core.sqlite_driver import sqlite
from tests.support.postgres_server import Postgres
from tests.support.processes import Ontmoet


@cache
def seeded_sqlite_file() -> Path:
    """Whole in itself: a forked command ends without closing it, and leaves its last changes beside it."""
    home = _temporary_folder()
    _seed(Ontmoet(home))
    file = home / "ontmoet.db"
    with closing(sqlite.connect(file)) as rows:
        rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@cache
def seeded_postgres_data() -> Path:
    """The data directory of a server that was shut down in order."""
    home = _temporary_folder()
    server = Postgres(home / "postgres")
    server.start()
    _seed(Ontmoet(home, DATABASE_URL=server.url))
    server.shut_down()
    return server.data


def _seed(ontmoet: Ontmoet) -> None:
    ontmoet.flask("prepare")
    ontmoet.flask("seed")


def _temporary_folder() -> Path:
    home = Path(tempfile.mkdtemp(prefix="demo-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home
