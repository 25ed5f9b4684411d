"""Tests of the SQLite driver: write-ahead logging where it is safe, and a durable commit."""

from pathlib import Path

import pytest
from sqlalchemy import text

from events.core.db import session
from events.core.sqlite_driver import sqlite

SAFE = sqlite.sqlite_version_info >= session.WAL_IS_SAFE_FROM


@pytest.mark.skipif(not SAFE, reason="this platform has no wheel of pysqlite3")
def test_a_database_file_uses_write_ahead_logging(tmp_path: Path) -> None:
    assert _pragma(tmp_path, "journal_mode") == "wal"


def test_an_old_sqlite_keeps_the_rollback_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "WAL_IS_SAFE_FROM", (99, 0, 0))
    assert _pragma(tmp_path, "journal_mode") == "truncate"


def test_a_commit_waits_for_the_disk(tmp_path: Path) -> None:
    assert _pragma(tmp_path, "synchronous") == 2  # FULL: WAL's default, NORMAL, may lose the last commits


def _pragma(folder: Path, name: str) -> object:
    engine = session.make_sqlite_engine(f"sqlite:///{folder / 'x.db'}")
    with engine.connect() as connection:
        found = connection.execute(text(f"PRAGMA {name}")).scalar_one()
    engine.dispose()
    return found
