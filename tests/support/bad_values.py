"""Invalid values for every kind of field, and a row count that shows that nothing was stored."""

from sqlalchemy import func, literal, select, union_all

from events.core.db.session import unit_of_work
from events.schema import metadata

LONG = "x" * 50_001
MARKS = "e" + "\u0301" * 5000
UNSTORABLE = ("a\x00b", "abc\u202ecba", "abc\u202e", MARKS, "a\x1b[31m", LONG)  # longer than any field
HTML = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
ON_PAGES: tuple[str | list[str] | None, ...] = (
    None, *UNSTORABLE, "\u200b\u200b", "\ud800", HTML, "a" * 26, "{{7*7}}", "-1", "9" * 400,
    ["a", "b"], ["x"] * 600,
)  # fmt: skip
IN_FRAMES: tuple[object, ...] = (
    *UNSTORABLE, "\u200b\u200b", "\ud800", HTML, "", 7, -1, 2**63, 1.5, True, None, [], ["a"], {}, {"a": {}},
)  # fmt: skip


def count_rows() -> list[tuple[str, int]]:
    counts = (
        select(literal(table.name), func.count()).select_from(table) for table in metadata.sorted_tables
    )
    with unit_of_work() as db:
        return [(name, count) for name, count in db.execute(union_all(*counts))]
