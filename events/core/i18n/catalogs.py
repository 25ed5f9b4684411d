"""Gettext catalogs: one hand-written Dutch .po file per feature, joined into the .mo file that is
served.
"""

from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from events.core.config import ROOT

SOURCES = ROOT / "events" / "translations" / "nl" / "LC_MESSAGES"


class ClashingTranslations(Exception):
    """Two features translate the same msgid differently."""


def build_catalogues(target: Path, sources: Path = SOURCES) -> Path:
    """Join every `<feature>.po` into `<target>/nl/LC_MESSAGES/messages.mo` and return that path."""
    joined = join_catalogues(sources)
    file = target / "nl" / "LC_MESSAGES" / "messages.mo"
    file.parent.mkdir(parents=True, exist_ok=True)
    # Atomic rename: processes that start meanwhile read the old file or the new one, never a part.
    with NamedTemporaryFile(dir=file.parent, suffix=".mo.begun", delete=False) as written:
        write_mo(written, joined)
    Path(written.name).chmod(0o644)
    Path(written.name).replace(file)
    return file


def join_catalogues(sources: Path = SOURCES) -> Catalog:
    joined = Catalog(locale="nl", charset="utf-8")
    origin: dict[object, str] = {}
    for source in sorted(sources.glob("*.po")):
        with source.open("rb") as opened:
            for message in read_po(opened, locale="nl"):
                if not message.id:
                    continue
                known = joined.get(message.id, message.context)
                key = (message.id, message.context)
                if known is not None and known.string != message.string:
                    raise ClashingTranslations(f"{message.id!r} differs in {origin[key]} and {source.name}")
                joined.add(message.id, message.string, context=message.context)
                origin[key] = source.name
    return joined
