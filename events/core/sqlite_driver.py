"""SQLite driver: `pysqlite3`, which brings a current SQLite along, else the standard library's.

Write-ahead logging needs a SQLite without the WAL-reset bug (sqlite.org/wal.html, fixed in 3.51.3),
and most distributions link an older one. All connections to the product's file use this driver.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3 as sqlite
else:
    try:
        from pysqlite3 import dbapi2 as sqlite
    except ImportError:  # no wheel for this platform
        import sqlite3 as sqlite

__all__ = ["sqlite"]
