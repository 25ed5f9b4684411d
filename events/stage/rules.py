"""Layout of the livestream page by state, and the checklist of the desk before a start."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from events.livestreams.models import AgendaItem, Livestream

SHAPES = {
    "draft": "page",
    "announced": "page",
    "missed": "page",
    "cancelled": "page",
    "lobby": "room",
    "live": "room",
    "paused": "room",
    "ended": "room",
    "replay": "replay",
}
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|[0-9]+[.)])\s*")
TABS = ("chat", "questions", "polls")


@dataclass(frozen=True)
class Check:
    """One thing to see to before the start. `detail` is its fact as data: a name, a provider, a number."""

    code: Literal["basics", "source", "agenda", "published", "starters"]
    done: bool
    at: datetime | None = None
    detail: str = ""


def checks_of(livestream: Livestream, agenda: Sequence[AgendaItem], starters: Sequence[str]) -> list[Check]:
    """What must stand before the start, in the order in which it is usually done.

    `starters` are the names of those who can start besides the host; with nobody, one illness is enough.
    """
    return [
        Check("basics", bool(livestream.title), livestream.created_at),
        Check("source", livestream.provider is not None, detail=livestream.provider or ""),
        Check("agenda", bool(agenda), detail=str(len(agenda))),
        Check("published", livestream.published_at is not None, livestream.published_at),
        Check("starters", bool(starters), detail=", ".join(starters[:3])),
    ]


@dataclass(frozen=True)
class Part:
    """An item of the agenda as a page shows it: `place` is done, now or coming."""

    id: str
    title: str
    at: datetime
    place: Literal["done", "now", "coming"]


def parts_of(livestream: Livestream, agenda: Sequence[AgendaItem], present: AgendaItem | None) -> list[Part]:
    """The agenda with its planned hours; what lies before the present item is done."""
    reached = present.position if present is not None else -1
    return [
        Part(
            item.id,
            item.title,
            livestream.starts_at + timedelta(minutes=item.minute),
            "now" if item.position == reached else "done" if item.position < reached else "coming",
        )
        for item in agenda
    ]


def tab_of(wanted: str | None) -> str:
    """The tab that an address asks for; the chat when it asks for none of them."""
    return wanted if wanted in TABS else TABS[0]


@dataclass(frozen=True)
class NamedMember:
    """A member, with what they may be called by; `email` is empty for readers who may not use it."""

    id: str
    name: str
    label: str
    email: str


def split_names(typed: str) -> list[str]:
    """Names from lines and commas, each once, without numbers of a list in front."""
    parts = (_LIST_MARK.sub("", part) for part in re.split(r"[\n,;]", typed))
    return list(dict.fromkeys(name for name in (" ".join(part.split()) for part in parts) if name))


def match_names(names: Sequence[str], members: Sequence[NamedMember]) -> tuple[set[str], list[str]]:
    """(ids of the members meant, names that mean nobody or several).

    By address, label or full name; else by the first words of a name, if one member alone has them.
    """
    exact: dict[str, set[str]] = defaultdict(set)
    first: dict[str, set[str]] = defaultdict(set)
    for member in members:
        for called in {member.name, member.label, member.email} - {""}:
            exact[called.casefold()].add(member.id)
        words = member.name.casefold().split()
        for count in range(1, len(words)):
            first[" ".join(words[:count])].add(member.id)
    found: set[str] = set()
    unclear: list[str] = []
    for name in names:
        meant = exact.get(name.casefold()) or first.get(name.casefold(), set())
        if len(meant) == 1:
            found |= meant
        else:
            unclear.append(name)
    return found, unclear
