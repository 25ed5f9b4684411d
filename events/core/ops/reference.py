"""The reference, written from what is registered: settings, doors, jobs and signals."""

import dataclasses
import sys
from collections.abc import Iterator

from events.core.auth import endpoints
from events.core.config import ROOT, Settings
from events.core.jobs import queue


def write_reference() -> str:
    """docs/reference.md as it should read now."""
    return "\n".join([*_opening(), *_settings(), *_pages(), *_frames(), *_jobs(), *_signals()]) + "\n"


def _opening() -> Iterator[str]:
    yield "# Reference"
    yield ""
    yield "Written by `flask reference` from what the code declares; a test keeps it complete."


def _settings() -> Iterator[str]:
    yield from _heading("Settings", "setting", "what it is for", "unless set")
    for name, field in Settings.model_fields.items():
        default = str(field.default).replace(f"{ROOT}/", "")
        hidden = not default or field.default is None or "Secret" in str(field.annotation)
        yield f"| `{name.upper()}` | {field.description} | {'' if hidden else f'`{default}`'} |"


def _pages() -> Iterator[str]:
    yield from _heading("Pages", "endpoint", "address", "methods", "the least one must be", "or a key for")
    for door in _doors("page"):
        methods, keys = " ".join(door.methods), ", ".join(door.keys)
        yield f"| `{door.name}` | `{door.rule}` | {methods} | {door.who} | {keys} |"


def _frames() -> Iterator[str]:
    yield from _heading("Frames from client to server", "frame", "the least one must be", "or a key for")
    for door in _doors("frame"):
        yield f"| `{door.name}` | {door.who} | {', '.join(door.keys)} |"


def _jobs() -> Iterator[str]:
    yield from _heading("Jobs", "job", "every", "does")
    for kind in sorted(queue.job_types.values(), key=lambda kind: kind.name):
        if kind.work.__module__.startswith("events."):
            yield f"| `{kind.name}` | {kind.every or ''} | {_first_line(kind.work)} |"


def _signals() -> Iterator[str]:
    yield from _heading("Signals", "signal", "carries", "means")
    modules = sorted(name for name in sys.modules if name.startswith("events.") and name.endswith(".signals"))
    for module in modules:
        for value in vars(sys.modules[module]).values():
            if dataclasses.is_dataclass(value) and isinstance(value, type) and value.__module__ == module:
                fields = ", ".join(field.name for field in dataclasses.fields(value))
                own = _first_line(value)
                meaning = "" if own.startswith(value.__name__) else own
                yield f"| `{module.split('.')[1]}.{value.__name__}` | {fields} | {meaning} |"


def _doors(kind: str) -> list[endpoints.Endpoint]:
    return sorted(
        (door for door in endpoints.endpoints.values() if door.kind == kind), key=lambda door: door.name
    )


def _heading(title: str, *columns: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)


def _first_line(thing: object) -> str:
    return (thing.__doc__ or "").strip().split("\n")[0]
