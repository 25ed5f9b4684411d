"""Browser assets from npm: complete, licensed, reproducible, and with every icon that a template
uses.
"""

import re
from pathlib import Path

import pytest

from events.core.ops.assets import ICONS, AssetsMissing, build_assets

ROOT = Path(__file__).parents[2]
ICON_USED = re.compile(r"""(?:\bicon\(\s*["']|icons\.svg#)([a-z0-9-]+)""")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the project with the real packages and nothing built yet."""
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def test_everything_a_page_links_is_built(root: Path) -> None:
    vendor = root / "static" / "vendor"
    assert {str(path.relative_to(vendor)) for path in build_assets(root)} == {
        "LICENSES.txt",
        "fonts/figtree-latin-ext.woff2",
        "fonts/figtree-latin.woff2",
        "fonts/literata-cyrillic-ext.woff2",
        "fonts/literata-cyrillic.woff2",
        "fonts/literata-greek-ext.woff2",
        "fonts/literata-greek.woff2",
        "fonts/petrona-latin-ext.woff2",
        "fonts/petrona-latin.woff2",
        "fonts/petrona-vietnamese.woff2",
        "hls.js",
        "icons.svg",
        "root/apple-touch-icon.png",
        "root/favicon.ico",
        "socket.io.js",
    }
    assert "sourceMappingURL" not in (vendor / "socket.io.js").read_text()


def test_the_icon_sheet_leaves_colour_and_stroke_to_the_stylesheet(root: Path) -> None:
    build_assets(root)
    sheet = (root / "static" / "vendor" / "icons.svg").read_text()
    symbols = re.findall(r'<symbol id="([a-z0-9-]+)" viewBox="0 0 24 24">(<.+?/>)</symbol>', sheet)
    assert tuple(name for name, _shapes in symbols) == ICONS
    assert "stroke" not in sheet


def test_building_twice_writes_nothing_the_second_time(root: Path) -> None:
    written = {path: path.stat().st_mtime_ns for path in build_assets(root)}
    assert {path: path.stat().st_mtime_ns for path in build_assets(root)} == written


def test_a_changed_file_is_put_right(root: Path) -> None:
    sheet = root / "static" / "vendor" / "icons.svg"
    build_assets(root)
    whole = sheet.read_bytes()
    sheet.write_bytes(b"half")
    build_assets(root)
    assert sheet.read_bytes() == whole


def test_without_node_modules_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing, match="npm ci"):
        build_assets(tmp_path)


def test_an_icon_that_does_not_exist_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.core.ops.assets.ICONS", ("house", "no-such-icon"))
    with pytest.raises(AssetsMissing, match="no-such-icon"):
        build_assets(root)


def test_every_package_that_is_copied_is_licensed(root: Path) -> None:
    build_assets(root)
    text = (root / "static" / "vendor" / "LICENSES.txt").read_text()
    for words in (
        "SIL Open Font License",
        "ISC License",
        "Apache License",
        "socket.io-client",
        "engine.io-parser",
    ):
        assert words in text


def test_every_icon_a_template_uses_is_on_the_sheet() -> None:
    used = {
        (name, template.relative_to(ROOT).as_posix())
        for template in (ROOT / "templates").rglob("*.html")
        for name in ICON_USED.findall(template.read_text())
    }
    assert used, "no template draws an icon: the pattern above no longer fits"
    assert {use for use in used if use[0] not in ICONS} == set()
