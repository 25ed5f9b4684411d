"""Layout of the livestream page by state, and the checklist of the desk before a start."""

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
