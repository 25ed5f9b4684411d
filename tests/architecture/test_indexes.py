"""Database indexes: no join, cascade or list reads a whole table. Lists: `test_query_counts.py`."""

from sqlalchemy import Table, UniqueConstraint

from events.schema import metadata


def leading_columns(table: Table) -> set[str]:
    """Columns that come first in an index, a primary key or a unique constraint."""
    keys = [[*table.primary_key.columns], *([*index.columns] for index in table.indexes)]
    keys += [[*one.columns] for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [[column] for column in table.columns if column.unique]
    return {columns[0].name for columns in keys if columns}


def test_every_foreign_key_has_an_index() -> None:
    missing = [
        f"{table.name}.{key.parent.name}"
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.parent.name not in leading_columns(table)
    ]
    assert missing == []
