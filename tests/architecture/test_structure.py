"""Structure of the code: file names and sizes, module heads, and rights checked first in every action."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FEATURES = sorted(
    path.parent
    for path in (ROOT / "events").glob("*/__init__.py")
    if path.parent.name not in {"core", "pairing", "seed", "translations"}
)
FILE_NAMES = {
    "__init__", "signals", "models", "rules", "status", "policy", "forms", "queries", "transitions",
    "actions", "jobs", "listeners", "sockets", "views", "register",
}  # fmt: skip
MAY_BE_PACKAGES = {"rules", "models", "queries", "actions", "forms", "listeners", "views"}
FORBIDDEN_NAMES = re.compile(r"(^|_)(util|utils|helper|helpers|common|manager|base)(_|$)")
LONGEST = {"events/**/*.py": 250, "static/js/**/*.js": 200, "static/css/**/*.css": 200, "templates/**/*": 150}


def names(feature: Path) -> Iterator[str]:
    for path in feature.iterdir():
        if path.suffix == ".py":
            yield path.stem
        elif path.is_dir() and path.name != "__pycache__":
            assert path.name in MAY_BE_PACKAGES, f"{path} may not be a package"
            yield path.name


@pytest.mark.parametrize("feature", FEATURES, ids=lambda path: path.name)
def test_a_feature_has_only_the_known_file_names(feature: Path) -> None:
    assert set(names(feature)) <= FILE_NAMES


def test_nothing_is_named_after_nothing() -> None:
    found = {p.stem for p in (ROOT / "events").rglob("*.py") if FORBIDDEN_NAMES.search(p.stem)}
    # A manager is a term of python-socketio; common times are those that people share.
    assert found == {"broadcast_manager", "redis_manager", "common_times"}


@pytest.mark.parametrize("pattern", LONGEST)
def test_files_stay_short(pattern: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in ROOT.glob(pattern)
        if path.is_file() and "vendor" not in path.parts
    }
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST[pattern]} == {}


def public_actions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    files = [*(ROOT / "events").glob("*/actions.py"), *(ROOT / "events").glob("*/actions/*.py")]
    for path in files:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield path, node


def test_every_action_takes_the_database_and_the_actor_first() -> None:
    wrong = [
        f"{path.parent.name}.{node.name}"
        for path, node in public_actions()
        if [argument.arg for argument in node.args.args[:2]] != ["db", "actor"]
    ]
    assert wrong == []


def test_every_action_authorizes_before_it_changes_anything() -> None:
    """Look-ups that the right depends on may come first; nothing else does."""
    wrong = []
    for path, node in public_actions():
        for statement in node.body:
            source = ast.unparse(statement)
            if "authorize(" in source:
                break
            if re.search(r"\bdb\.(add|delete|execute|flush|merge)\b|announce\(|enqueue\(", source):
                wrong.append(f"{path.parent.name}.{node.name}")
                break
        else:
            if not _hands_on_to_an_action(node):
                wrong.append(f"{path.parent.name}.{node.name}")
    assert wrong == []


def _hands_on_to_an_action(node: ast.FunctionDef) -> bool:
    """An action that only calls another one of its kind leaves the right to that one."""
    return any(
        isinstance(call, ast.Call) and [ast.unparse(a) for a in call.args[:2]] == ["db", "actor"]
        for call in ast.walk(node)
    )


def test_a_module_opens_with_one_sentence() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "events").rglob("*.py")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_nothing_is_inline_that_the_content_policy_would_stop() -> None:
    offenders = []
    for path in (ROOT / "templates").rglob("*.html"):
        if "mail" in path.relative_to(ROOT / "templates").parts[0]:
            continue
        text = path.read_text()
        if re.search(r"<[a-z][^>{]*\s(style|on[a-z]+)=|<style|javascript:", text):
            offenders.append(str(path.relative_to(ROOT)))
    assert offenders == []


def test_no_file_names_this_machine_or_a_registry() -> None:
    words = ("pypi" + ".org", "python" + "hosted", "registry" + ".npmjs", "/wo" + "rk/main")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for folder in ("events", "templates", "static/js", "static/css", "tests", "docs", "deploy", "bench")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".png"} and "node_modules" not in path.parts
        for word in words
        if word in path.read_text(errors="replace")
    ]
    assert found == []


def test_one_module_knows_how_addresses_are_counted() -> None:
    """A limit on a single IPv6 address limits nobody: `core/network/client_network.py`
    says what a network is."""
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "events").rglob("*.py")
        if re.search(r"remote_addr|get_remote_address|access_route", path.read_text(), re.IGNORECASE)
    ]
    assert readers == ["events/core/network/client_network.py"]


def test_pictures_are_decoded_in_a_child_alone() -> None:
    """A flat picture of 80 KB can hold a loop up for a second: `core/media/files.py` names it as text."""
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text() for path in (ROOT / "events").rglob("*.py")
    }
    decoders = [name for name, source in sources.items() if re.search(r"\bImage\.open\(", source)]
    assert decoders == ["events/core/media/pictures.py"]
    assert not [
        name
        for name, source in sources.items()
        if re.search(r"import .*\bpictures\b|pictures import", source)
    ]


def test_the_application_imports_every_module_that_declares_something() -> None:
    """A view, frame, job or listener in a module that no `register` imports would silently not exist."""
    declares = re.compile(
        r"^@(page|frame|job|on|after_commit|renders|read_frame|on_closed|per_process_task)\b", re.MULTILINE
    )
    declaring = {
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for path in (ROOT / "events").rglob("*.py")
        if declares.search(path.read_text())
    }
    listing = "import events.app, sys; print(*sys.modules)"
    imported = subprocess.run(
        [sys.executable, "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert len(declaring) > 40
    assert declaring <= set(imported.stdout.split())


def test_every_script_and_style_sheet_that_a_page_names_exists() -> None:
    named: set[str] = set()
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        for value in re.findall(r'data-module="((?:[^"{]|\{\{.*?\}\})*)"', text):
            named |= {f"js/{module}.js" for module in re.findall(r"[a-z_]+/[a-z_]+", value)}
        named |= set(re.findall(r'"(css/[a-z-]+\.css)"', text))
    sheets = re.search(r"for sheet in \((.*?)\)", (ROOT / "templates/layouts/base.html").read_text())
    assert sheets
    named |= {f"css/{sheet}.css" for sheet in re.findall(r'"([a-z-]+)"', sheets[1])}
    assert len(named) > 50
    assert {name for name in named if not (ROOT / "static" / name).is_file()} == set()


def test_every_kind_of_mail_has_its_templates() -> None:
    named = re.compile(r"MailContent\(\s*\"([a-z_/]+)\"")
    names = {name for file in (ROOT / "events").rglob("*.py") for name in named.findall(file.read_text())}
    files = {f"{name}{ending}" for name in names for ending in (".html", ".txt")}
    assert len(names) > 10
    assert {name for name in files if not (ROOT / "templates" / "mail" / name).is_file()} == set()


def test_each_decision_record_has_a_number_of_its_own() -> None:
    files = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [file.name[:4] for file in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    wrong = [file.name for file in files if not file.read_text().startswith(f"# {int(file.name[:4])}. ")]
    assert wrong == []
