"""Every word exists in both languages, with the same blanks in both."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir

from events.core.i18n.catalogs import join_catalogues
from events.core.web import error_messages

ROOT = Path(__file__).resolve().parents[2]
METHODS = [("events/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
    "translate": None,
}  # fmt: skip
BLANK = re.compile(r"%\((\w+)\)[sd]")


def extracted() -> set[tuple[object, str | None]]:
    found: set[tuple[object, str | None]] = set()
    options = {"**": {"trimmed": "true", "silent": "false"}}
    for directory in ("events", "templates"):
        methods = [
            (pattern.removeprefix(f"{directory}/"), how)
            for pattern, how in METHODS
            if pattern.startswith(directory)
        ]
        for _name, _line, message, _comments, context in extract_from_dir(
            str(ROOT / directory), methods, options, keywords=KEYWORDS
        ):
            found.add((message if isinstance(message, str) else tuple(message), context))
    return found


def test_every_word_has_a_dutch_one() -> None:
    catalogue = join_catalogues()
    missing = []
    for message, context in extracted():
        known = catalogue.get(message if isinstance(message, str) else message[0], context)  # type: ignore[index]  # plurals are tuples
        if known is None or not known.string or (isinstance(known.string, tuple) and not all(known.string)):
            missing.append((message, context))
    assert sorted(map(str, missing)) == []


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


def test_no_dutch_word_is_left_over() -> None:
    used = {message if isinstance(message, str) else message[0] for message, _context in extracted()}  # type: ignore[index]  # plurals are tuples
    stale = [
        m.id for m in join_catalogues() if m.id and (m.id if isinstance(m.id, str) else m.id[0]) not in used
    ]
    assert stale == []


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


def test_the_extractor_sees_what_templates_say() -> None:
    assert any(message == "Sign in" for message, _context in extracted())
