"""Translations: every msgid has a Dutch msgstr with the same placeholders, in the catalog of its feature."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from events.core.i18n.catalogs import SOURCES, join_catalogues
from events.core.i18n.extraction import extract, update_catalogs
from events.core.web import error_messages

ROOT = Path(__file__).resolve().parents[2]
HEADER_FIELDS = {
    "Project-Id-Version", "PO-Revision-Date", "Last-Translator", "Language-Team", "Language", "MIME-Version",
    "Content-Type", "Content-Transfer-Encoding", "Plural-Forms",
}  # fmt: skip
BLANK = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def extracted() -> set[tuple[str, str, str]]:
    """Singular, plural and context of each sentence of code and templates."""
    return set(extract())


def test_every_word_has_a_dutch_one(extracted: set[tuple[str, str, str]]) -> None:
    catalogue = join_catalogues()
    missing = []
    for singular, plural, context in extracted:
        known = catalogue.get(singular, context or None)
        forms = known.string if known is not None else ""
        if not forms or not all(forms if isinstance(forms, tuple) else (forms,)):
            missing.append((singular, plural, context))
    assert sorted(missing) == []


def test_both_languages_leave_the_same_blanks() -> None:
    wrong = [
        message.id
        for message in join_catalogues()
        if message.id and not blanks_in(message.string) <= blanks_in(message.id)
    ]
    assert wrong == []


def blanks_in(words_: object) -> set[str]:
    """The names of the blanks in one sentence, or in all its plural forms."""
    forms = words_ if isinstance(words_, tuple | list) else (words_,)
    return {name for form in forms for name in BLANK.findall(str(form))}


def test_no_dutch_word_is_left_over(extracted: set[tuple[str, str, str]]) -> None:
    used = {singular for singular, _plural, _context in extracted}
    stale = [
        m.id for m in join_catalogues() if m.id and (m.id if isinstance(m.id, str) else m.id[0]) not in used
    ]
    assert stale == []


def test_make_messages_finds_nothing_to_do(tmp_path: Path) -> None:
    copy = shutil.copytree(SOURCES, tmp_path / "nl")
    update_catalogs(copy)
    assert {file.name: file.read_text() for file in copy.glob("*.po")} == {
        file.name: file.read_text() for file in SOURCES.glob("*.po")
    }


@pytest.mark.parametrize("file", sorted(SOURCES.glob("*.po")), ids=lambda file: file.stem)
def test_a_catalog_says_what_translation_programs_need(file: Path) -> None:
    with file.open("rb") as opened:
        catalog = read_po(opened, abort_invalid=True)
    assert (str(catalog.locale), catalog.charset, catalog.num_plurals) == ("nl", "utf-8", 2)
    assert {name for name, value in catalog.mime_headers if value} >= HEADER_FIELDS
    assert [(message.id, errors) for message, errors in catalog.check()] == []
    assert file.stem in {
        path.name for folder in ("events", "templates") for path in (ROOT / folder).iterdir()
    }


@pytest.mark.parametrize("file", sorted(SOURCES.glob("*.po")), ids=lambda file: file.stem)
def test_a_catalog_has_each_msgid_and_each_plural_form_once(file: Path) -> None:
    """`msgfmt -c` and editors refuse what Babel reads: a form or a msgid that is there twice."""
    entries = [block for block in file.read_text().split("\n\n") if "\nmsgstr" in block]
    ids = [
        re.sub(r"\nmsgstr.*", "", re.sub(r"^#.*\n", "", one, flags=re.MULTILINE), flags=re.DOTALL)
        for one in entries
    ]
    assert [one for one, count in Counter(ids).items() if count > 1] == []
    for entry in entries:
        forms = re.findall(r"^msgstr\[(\d)\]", entry, re.MULTILINE)
        assert forms == (["0", "1"] if "\nmsgid_plural" in entry else []), entry
        assert len(re.findall(r"^msgid ", entry, re.MULTILINE)) == 1, entry


def test_scripts_carry_no_words() -> None:
    """Words of scripts come from the page, in the reader's language."""
    sentence = re.compile(r"[\"'`][A-Z][a-z]+ [a-z]+[^\"'`]*[\"'`]")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in (ROOT / "static" / "js").rglob("*.js")
        for line in path.read_text().splitlines()
        if not line.strip().startswith(("//", "*", "/*"))
        for match in sentence.finditer(line)
    ]
    assert found == []


def test_every_refusal_code_has_a_sentence() -> None:
    raised = re.compile(
        r"(?:Invalid|Conflict|NotFound|Forbidden|Refused|TooMany|Unavailable)\(\s*\"([a-z_]+)\""
    )
    custom = re.compile(r"PydanticCustomError\(\s*\"([a-z_]+)\"")
    codes = {
        code
        for path in (ROOT / "events").rglob("*.py")
        for pattern in (raised, custom)
        for code in pattern.findall(path.read_text())
    }
    assert codes
    assert {code for code in codes if not error_messages.is_known(code)} == set()


def test_the_extractor_sees_what_templates_say(extracted: set[tuple[str, str, str]]) -> None:
    assert ("Sign in", "", "") in extracted
