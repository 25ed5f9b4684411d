"""Language of code and documents: module heads, given-up names and line lengths."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADR = ROOT / "docs" / "adr" / "0038-name-code-by-the-trades-words.md"
MAX_TEMPLATE_LINE = 140
OPENINGS = re.compile(
    r"(Who|Whoever|Whose|What|Whatever|Of|How|Where|When|Which|Somebody|Nobody|The doors? of)\b"
)
PICTURES = re.compile(
    r"\b(nobody|somebody|whoever|in passing|stands? in the place|the doors? of|the house)\b", re.IGNORECASE
)


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split() if (ROOT / name).is_file()]


def heads(*folders: str) -> dict[str, str]:
    found = {}
    for path in tracked(*(f"{folder}/*.py" for folder in folders)):
        if path.name == "__init__.py" and not path.read_text().strip():
            continue
        doc = ast.get_docstring(ast.parse(path.read_text())) or ""
        found[path.relative_to(ROOT).as_posix()] = " ".join(doc.split())
    return found


def test_module_heads_open_with_what_the_module_is() -> None:
    wrong = {
        name: head
        for name, head in heads("events", "tests", "bench").items()
        if OPENINGS.match(head) or not head
    }
    assert wrong == {}


def test_module_heads_have_no_pictures() -> None:
    assert {name: head for name, head in heads("events").items() if PICTURES.search(head)} == {}


@cache
def given_up() -> list[str]:
    table = ADR.read_text().split("## Given up")[1].split("## Renamed")[0]
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def test_given_up_names_do_not_come_back() -> None:
    names = re.compile(
        r"(?<![\w.-])("
        + "|".join(map(re.escape, given_up()))
        + r")(?![\w-])|\b(MOST|LONGEST|LARGEST|LEAST|SHORTEST)_[A-Z]"
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in tracked("*.py", "*.html", "*.js", "*.css", "docs/*.md", "*.toml", "README.md")
        if path not in {ADR, Path(__file__)}
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (match := names.search(line))
    ]
    assert given_up()
    assert found == []


def test_templates_have_short_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("templates/*.html", "templates/*.txt")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > MAX_TEMPLATE_LINE
    ]
    assert long == []
