"""Generator of docs/reference.md from the registries of settings, endpoints, jobs and signals."""

import dataclasses
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from events.core import bus
from events.core.auth import endpoints
from events.core.config import ROOT, Settings
from events.core.jobs import queue


def write_reference() -> str:
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
    for endpoint in _endpoints("page"):
        methods, keys = " ".join(endpoint.methods), ", ".join(endpoint.keys)
        yield f"| `{endpoint.name}` | `{endpoint.rule}` | {methods} | {endpoint.who} | {keys} |"


def _frames() -> Iterator[str]:
    yield from _heading("Frames from client to server", "frame", "the least one must be", "or a key for")
    for endpoint in _endpoints("frame"):
        yield f"| `{endpoint.name}` | {endpoint.who} | {', '.join(endpoint.keys)} |"


def _jobs() -> Iterator[str]:
    yield from _heading("Jobs", "job", "every", "does")
    for job_type in sorted(queue.job_types.values(), key=lambda job_type: job_type.name):
        if job_type.work.__module__.startswith("events."):
            yield f"| `{job_type.name}` | {job_type.every or ''} | {_first_line(job_type.work)} |"


def _signals() -> Iterator[str]:
    yield from _heading(
        "Signals", "signal", "carries", "means", "heard in the transaction by", "heard after it by"
    )
    modules = sorted(name for name in sys.modules if name.startswith("events.") and name.endswith(".signals"))
    for module in modules:
        for value in vars(sys.modules[module]).values():
            if dataclasses.is_dataclass(value) and isinstance(value, type) and value.__module__ == module:
                fields = ", ".join(field.name for field in dataclasses.fields(value))
                own = _first_line(value)
                meaning = "" if own.startswith(value.__name__) else own
                inside, after = (", ".join(_names(heard)) for heard in bus.listeners_of(value))
                name = f"{module.split('.')[1]}.{value.__name__}"
                yield f"| `{name}` | {fields} | {meaning} | {inside} | {after} |"


def _names(listeners: Iterable[Callable[..., Any]]) -> Iterator[str]:
    """Listeners of the application; tests may add callables of their own, some without a module."""
    for listener in listeners:
        module = getattr(listener, "__module__", None) or ""
        if module.startswith("events."):
            feature = module.removeprefix("events.").replace(".listeners", "")
            yield f"`{feature}.{listener.__name__}`"


def _endpoints(kind: str) -> list[endpoints.Endpoint]:
    return sorted(
        (endpoint for endpoint in endpoints.endpoints.values() if endpoint.kind == kind),
        key=lambda endpoint: endpoint.name,
    )


def _heading(title: str, *columns: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)


def _first_line(thing: object) -> str:
    return (thing.__doc__ or "").strip().split("\n")[0]
