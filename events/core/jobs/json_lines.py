"""JSON Lines encoding of large documents: coding one in a single call would block the event loop."""

import json
from collections.abc import Iterable, Iterator

ITEMS_PER_LINE = 50


def dump_lines(document: object) -> Iterator[bytes]:
    """First line: the document with its top-level lists empty. Then [name, items] lines, some items
    each.
    """
    if not isinstance(document, dict):
        yield _line(document)
        return
    long = {name: value for name, value in document.items() if isinstance(value, list)}
    yield _line({**document, **{name: [] for name in long}})
    for name, items in long.items():
        for start in range(0, len(items), ITEMS_PER_LINE):
            yield _line([name, items[start : start + ITEMS_PER_LINE]])


def load_lines(lines: Iterable[bytes]) -> object:
    """Inverse of `dump_lines`."""
    rest = iter(lines)
    document: object = json.loads(next(rest))
    for line in rest:
        name, items = json.loads(line)
        document[name].extend(items)  # type: ignore[index]  # only an object is followed by lists
    return document


def _line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"
