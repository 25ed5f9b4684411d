"""Long JSON documents a line at a time: one look at a megabyte would hold everybody else up."""

import json
from collections.abc import Iterable, Iterator

AT_ONCE = 50  # items of a list in a line


def dump_lines(document: object) -> Iterator[bytes]:
    """First the document with its own lists empty, then those lists, some items a line."""
    if not isinstance(document, dict):
        yield _line(document)
        return
    long = {name: value for name, value in document.items() if isinstance(value, list)}
    yield _line({**document, **{name: [] for name in long}})
    for name, items in long.items():
        for start in range(0, len(items), AT_ONCE):
            yield _line([name, items[start : start + AT_ONCE]])


def load_lines(lines: Iterable[bytes]) -> object:
    """The document that was `written`."""
    rest = iter(lines)
    document: object = json.loads(next(rest))
    for line in rest:
        name, items = json.loads(line)
        document[name].extend(items)  # type: ignore[index]  # only an object is followed by lists
    return document


def _line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"
