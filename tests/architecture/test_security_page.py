"""The page on security says each thing once, and names tests that are there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/security.md").read_text()
ROWS = [line.split("|")[1].strip() for line in PAGE.splitlines() if line.startswith("| ")]
# Numbers of ASVS at the front of a row: "7.4.1, 7.4.2 sessions end".
NUMBERS = [number for row in ROWS for number in re.findall(r"\d+\.\d+\.\d+", row)]


def test_no_threat_and_no_line_of_the_standard_is_judged_twice() -> None:
    assert [row for row, times in Counter(ROWS).items() if times > 1] == []
    assert [number for number, times in Counter(NUMBERS).items() if times > 1] == []
    assert len(NUMBERS) > 40


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:\w+/)+test_\w+\.py)", PAGE))
    assert [path for path in sorted(named) if not (ROOT / "tests" / path).is_file()] == []
    assert len(named) > 50
