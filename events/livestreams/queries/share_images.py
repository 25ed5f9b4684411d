"""Pictures of a livestream for sharing: what they show, and their files, cached by what they show."""

import hashlib
import json
from pathlib import Path
from threading import BoundedSemaphore

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.circles.rules import cover_accent
from events.core.config import ROOT
from events.core.db.session import assert_no_transaction
from events.core.errors import Unavailable
from events.core.i18n.formatting import span, when
from events.core.jobs.subprocess_pool import OffloadFailed, ResourceLimits, offload
from events.livestreams.models import Livestream
from events.livestreams.rules.share_picture import VERSION

_FONTS = ROOT / "static" / "vendor" / "fonts"
DIRECTORY, BATCH = "previews", 500
_LIMITS = ResourceLimits(cpu=5, wall=15, memory=768)
_painter = BoundedSemaphore(1)  # one child process at a time; a burst of requests waits for its file
_DRAWN_BY = {
    "preview": "events.livestreams.rules.share_picture:draw_share_picture",
    "qr": "events.livestreams.rules.qr_code:draw_qr_code",
}


def preview_facts(livestream: Livestream) -> dict[str, str]:
    """Facts that anyone with the link may read, in the language and zone of its circle."""
    circle, zone = livestream.circle, livestream.zone
    return {
        "title": livestream.title,
        "circle": circle.name,
        "day": when(livestream.starts_at, "day", zone, circle.locale),
        "hours": span(livestream.starts_at, livestream.ends_at, zone),
        "colour": cover_accent(circle.colour) or "",
    }


def qr_facts(livestream: Livestream, url: str) -> dict[str, str]:
    moment = when(livestream.starts_at, "full_hour", livestream.zone, livestream.circle.locale)
    return {"url": url, "title": livestream.title, "when": moment}


def hash_facts(facts: dict[str, str]) -> str:
    """Changes exactly when the picture does."""
    return hashlib.sha256(json.dumps([VERSION, facts], sort_keys=True).encode()).hexdigest()[:16]


def draw_picture(kind: str, livestream_id: str, facts: dict[str, str], media: Path) -> bytes:
    """The PNG, from its file or drawn in a child process; replaces those with former facts.

    Raises Unavailable when the child fails or exceeds its limits.
    """
    assert_no_transaction("drawing a picture")
    file = media / DIRECTORY / f"{kind}-{livestream_id}-{hash_facts(facts)}.png"
    if not file.exists():
        with _painter:
            if not file.exists():
                _draw(kind, livestream_id, facts, file)
    return file.read_bytes()


def list_drawn_ids(media: Path) -> set[str]:
    """Of the livestreams that have pictures."""
    return {file.name.split("-")[1] for file in _files(media)}


def select_existing(db: Session, livestream_ids: set[str]) -> set[str]:
    """Those of the ids that are still a livestream."""
    ids = sorted(livestream_ids)
    found: set[str] = set()
    for start in range(0, len(ids), BATCH):
        found.update(db.scalars(select(Livestream.id).where(Livestream.id.in_(ids[start : start + BATCH]))))
    return found


def delete_pictures(media: Path, livestream_ids: set[str]) -> None:
    for file in _files(media):
        if file.name.split("-")[1] in livestream_ids:
            file.unlink(missing_ok=True)


def _files(media: Path) -> list[Path]:
    """Pictures, and what an interrupted drawing left."""
    return [file for ending in ("png", "begun") for file in (media / DIRECTORY).glob(f"*-*-*.{ending}")]


def _draw(kind: str, livestream_id: str, facts: dict[str, str], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    begun = file.with_suffix(".begun")
    try:
        offload(_DRAWN_BY[kind], facts | {"fonts": str(_FONTS), "target": str(begun.absolute())}, _LIMITS)
    except OffloadFailed as failed:
        begun.unlink(missing_ok=True)
        raise Unavailable from failed
    former = list(file.parent.glob(f"{kind}-{livestream_id}-*.png"))
    begun.replace(file)  # atomic: readers see a whole picture or none
    for other in former:
        other.unlink(missing_ok=True)
