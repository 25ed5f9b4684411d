"""Message extraction: keeps the Dutch catalog of each feature in step with its code and templates."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import escape, read_po
from typing_extensions import override

from events.core.config import ROOT
from events.core.i18n.catalogs import SOURCES

METHODS = {
    "events": [("**.py", "python")],
    "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")],
}
KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
    "translate": None,
}  # fmt: skip
OWNERS = {"mail": "notifications", "layouts": "shared"}  # folders of templates without a catalog of their own
COMMON = {"core", "shared"}  # catalogs that may hold what several features say
HEADER = (
    'msgid ""\nmsgstr ""\n"Project-Id-Version: Ontmoet\\n"\n"PO-Revision-Date: 2026-11-30 18:00+0000\\n"\n'
    '"Last-Translator: Ontmoet\\n"\n"Language-Team: Dutch\\n"\n"Language: nl\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
)

Key: TypeAlias = tuple[str, str, str]  # msgid, msgid_plural or "", msgctxt or ""
_HEADER_KEY: Key = ("", "", "")


@dataclass
class Changes:
    """Numbers of entries by catalog; `moved` by the one that received them."""

    added: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    @override
    def __str__(self) -> str:
        kinds = (("new", self.added), ("moved", self.moved), ("dropped", self.dropped))
        lines = [
            f"{name}.po: {count} {kind}" for kind, found in kinds for name, count in sorted(found.items())
        ]
        return "\n".join(lines) or "Every catalog is in step."


def extract(root: Path = ROOT) -> dict[Key, Counter[str]]:
    """The msgids of code and templates, in their order, each with how often each feature uses it."""
    used: dict[Key, Counter[str]] = defaultdict(Counter)
    options = {"**": {"trimmed": "true", "silent": "false"}}
    for folder, methods in METHODS.items():
        found = extract_from_dir(str(root / folder), methods, options, keywords=KEYWORDS)
        for name, _line, message, _comments, context in found:
            singular, plural = message if isinstance(message, tuple) else (message, "")
            used[singular, plural, context or ""][_owner(folder, Path(name))] += 1
    return used


def update_catalogs(sources: Path = SOURCES, root: Path = ROOT) -> Changes:
    """Add missing msgids with an empty msgstr, drop unused ones, and move those of another feature to it.

    The order of a catalog, its header, its comments and the text of its entries stay as they are.
    """
    used, changes = extract(root), Changes()
    entries: dict[str, dict[Key, str]] = defaultdict(dict)
    moving: list[tuple[Key, str]] = []
    for file in sorted(sources.glob("*.po")):
        for key, text in _entries(file.read_text()):
            if key != _HEADER_KEY and key not in used:
                changes.dropped[file.stem] += 1
            elif key == _HEADER_KEY or _may_stay(file.stem, used[key]):
                entries[file.stem].setdefault(key, text)
            else:
                moving.append((key, text))
    for key, text in moving:
        home = _home(used[key])
        if key not in entries[home]:
            entries[home][key] = text
            changes.moved[home] += 1
    known = {key for catalog in entries.values() for key in catalog}
    for key, features in used.items():
        if key not in known:
            entries[_home(features)][key] = _new_entry(key)
            changes.added[_home(features)] += 1
    for file in sources.glob("*.po"):
        if set(entries[file.stem]) <= {_HEADER_KEY}:
            file.unlink()
            del entries[file.stem]
    for name, catalog in entries.items():
        header = catalog.pop(_HEADER_KEY, HEADER.rstrip())
        (sources / f"{name}.po").write_text("\n\n".join([header, *catalog.values()]) + "\n")
    return changes


def _home(features: Counter[str]) -> str:
    """The feature that uses it most; of equals the one that comes first."""
    return features.most_common(1)[0][0]


def _owner(folder: str, path: Path) -> str:
    if len(path.parts) == 1:  # events/app.py and its like
        return "core"
    return OWNERS.get(path.parts[0], path.parts[0])


def _may_stay(name: str, features: Counter[str]) -> bool:
    return name in features or (name in COMMON and len(features) > 1)


def _entries(text: str) -> Iterator[tuple[Key, str]]:
    """Each entry of a .po file with its comments; the header has an empty msgid."""
    for block in _blocks(text):
        if block.startswith('msgid ""\nmsgstr') or '\nmsgid ""\nmsgstr' in block:
            yield _HEADER_KEY, block
            continue
        source = BytesIO(f"{HEADER}\n{block}\n".encode())
        (message,) = (one for one in read_po(source, locale="nl") if one.id)
        singular, plural = (message.id, "") if isinstance(message.id, str) else message.id
        yield (singular, plural, message.context or ""), block


def _blocks(text: str) -> Iterator[str]:
    lines: list[str] = []
    for line in text.splitlines():
        opens = line.startswith(("#", "msgctxt ", "msgid "))
        if opens and any(one.startswith("msgstr") for one in lines):
            yield "\n".join(lines)
            lines = []
        if line.strip():
            lines.append(line)
    if lines:
        yield "\n".join(lines)


def _new_entry(key: Key) -> str:
    singular, plural, context = key
    lines = ["#, python-format"] if "%(" in singular else []
    if context:
        lines.append(f'msgctxt "{escape(context)[1:-1]}"')
    lines.append(f"msgid {escape(singular)}")
    if plural:
        lines += [f"msgid_plural {escape(plural)}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines.append('msgstr ""')
    return "\n".join(lines)
