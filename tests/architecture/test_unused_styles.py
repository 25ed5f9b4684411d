"""Dead styles: CSS classes, stylesheets, script modules and icons that no page uses, or that do not exist."""

import re
from functools import cache
from pathlib import Path

from events.core.ops.assets import ICONS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
SCRIPTS = ROOT / "static" / "js"
STYLES = ROOT / "static" / "css"

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
LITERAL = re.compile(r'"([^"\n]*)"|\'([^\'\n]*)\'|`([^`]*)`')
# Places that hold names of classes: the attribute, the argument of a macro, and two blocks of the layout.
CLASS_VALUE = re.compile(
    r'\bclass="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"'
    r'|\bclasses="([^"]*)"'
    r"|\{% block (?:main|body)_class -?%\}(.*?)\{%-? endblock",
    re.DOTALL,
)
# "badge-" ~ kind: the rest of the name is an argument.
JOINED = re.compile(r'" ?([\w-]+-)" ~')
# Macros and menus that take the name of an icon as an argument beside `icon("…")`.
ICON_ARGUMENTS = re.compile(
    r'\bicon\("([\w-]+)"|symbol="([\w-]+)"|"([\w-]+)"(?=[,)\]}])|: "([\w-]+)"|else "([\w-]+)"'
)
NOT_ICONS = {"list", "menu", "search", "user", "key", "languages"}


def sources(folder: Path, pattern: str) -> list[str]:
    return [path.read_text() for path in sorted(folder.rglob(pattern))]


def pages() -> list[str]:
    """Templates of pages; those of mails bring their own styles."""
    return [
        path.read_text()
        for path in sorted(TEMPLATES.rglob("*.html"))
        if (TEMPLATES / "mail") not in path.parents
    ]


@cache
def styled_classes() -> frozenset[str]:
    found: set[str] = set()
    for sheet in sources(STYLES, "*.css"):
        for selectors in re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
            found |= set(re.findall(r"\.([A-Za-z][\w-]*)", selectors))
    return frozenset(found)


def literals(text: str) -> set[str]:
    return {word for found in LITERAL.findall(text) for word in "".join(found).split()}


@cache
def used_classes() -> tuple[frozenset[str], tuple[str, ...]]:
    """Names that pages and scripts write in full, and beginnings of names that a page completes."""
    used: set[str] = set()
    joined: set[str] = set()
    for page in pages():
        for value in ("".join(found) for found in CLASS_VALUE.findall(page)):
            used |= set(JINJA.sub(" ", value).split())
            used |= {word for part in JINJA.findall(value) for word in literals(part)}
        # A class that a page keeps in a variable or a dictionary starts with the space that separates it.
        used |= set(re.findall(r'" ([\w-]+)"', page))
        joined |= set(JOINED.findall(page))
    for script in sources(SCRIPTS, "*.js"):
        used |= {name for word in literals(script) for name in re.findall(r"[\w-]+", word)}
    for module in sources(ROOT / "events", "*.py"):
        used |= {name for value in re.findall(r'class=\\?"([\w -]+)', module) for name in value.split()}
    return frozenset(used), tuple(joined)


def test_every_styled_class_is_on_a_page() -> None:
    used, joined = used_classes()
    quoted = {word for page in pages() for word in literals(page)}
    unused = {
        name
        for name in styled_classes() - used
        if not any(name.startswith(start) and name.removeprefix(start) in quoted for start in joined)
    }
    assert unused == set()


def test_every_stylesheet_exists_and_is_linked() -> None:
    linked = {
        name
        for page in pages()
        for names in re.findall(r"for sheet in \(([^)]*)\)", page)
        for name in literals(names)
    } | {name for page in pages() for name in re.findall(r"""["']css/([\w-]+)\.css["']""", page)}
    linked |= {
        name
        for module in sources(ROOT / "events", "*.py")
        for name in re.findall(r"""["']css/([\w-]+)\.css["']""", module)
    }
    assert linked == {path.stem for path in STYLES.glob("*.css")}


def test_every_script_module_exists_and_is_reached() -> None:
    """A page starts modules by `data-module`; a module may import others."""
    modules = {path.relative_to(SCRIPTS).with_suffix("").as_posix() for path in SCRIPTS.rglob("*.js")}
    started = {
        name
        for page in pages()
        for value in re.findall(r'data-module="((?:\{\{.*?\}\}|[^"])*)"', page)
        for name in re.findall(r"[a-z_]+/[a-z_]+", value)
    }
    imported = {
        (path.parent / name if name.startswith(".") else SCRIPTS / name.removeprefix("main/"))
        .resolve()
        .relative_to(SCRIPTS)
        .with_suffix("")
        .as_posix()
        for path in SCRIPTS.rglob("*.js")
        for name in re.findall(r'(?:from|import\() ?"((?:\.|main/)[^"]+)"', path.read_text())
    }
    assert started - modules == set()
    assert modules - started - imported - {"main"} == set()


def test_every_icon_of_the_sheet_is_on_a_page() -> None:
    named = {
        name
        for page in pages()
        for found in ICON_ARGUMENTS.findall(page)
        for name in found
        if name and name not in NOT_ICONS
    }
    # A switch of the call shows "mic" or "mic-off".
    switched = {f"{name}-off" for name in ("mic", "video")}
    assert set(ICONS) - named - switched == set()
