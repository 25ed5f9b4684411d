"""Build of static/vendor from npm packages: fonts, the icon sprite, two scripts, licences and PNG
icons.
"""

import re
from pathlib import Path

from events.core.config import ROOT
from events.core.ops import icons

_ICON_NAMES = """
arrow-left calendar calendar-check calendar-clock calendar-plus calendar-x camera chart-column check
chevron-down chevron-right chevron-up circle-alert circle-check clock coffee copy door-open download ellipsis
external-link eye globe handshake heart hourglass house inbox info lightbulb link loader-circle lock
log-out mail map-pin message-circle mic mic-off monitor notebook-pen pause pencil phone phone-off pin
play plus printer radio refresh-cw reply send-horizontal settings shuffle smartphone square tag
thumbs-up trash-2 triangle-alert undo-2 user-plus user-x users video video-off volume-2 wifi-off x
"""
# Every icon a page may use; `templates/shared/_icon.html` is the only place that draws one.
ICONS = tuple(_ICON_NAMES.split())

_SCRIPTS = {
    "socket.io.js": "socket.io-client/dist/socket.io.esm.min.js",
    "hls.js": "hls.js/dist/hls.light.min.mjs",
}
_FONTS = {
    f"fonts/{name}.woff2": f"@fontsource-variable/{name.split('-')[0]}/files/{name}-wght-normal.woff2"
    for name in (
        *("petrona-latin", "petrona-latin-ext", "figtree-latin", "figtree-latin-ext"),
        # For pictures alone: pages take such letters from the fonts of the reader's system.
        *("petrona-vietnamese", "literata-greek", "literata-greek-ext"),
        *("literata-cyrillic", "literata-cyrillic-ext"),
    )
}
# The scripts are bundles; the packages inside them are listed too.
_LICENSED = (
    "@fontsource-variable/petrona",
    "@fontsource-variable/figtree",
    "@fontsource-variable/literata",
    "lucide-static",
    "hls.js",
    "socket.io-client",
    "socket.io-parser",
    "engine.io-client",
    "engine.io-parser",
    "@socket.io/component-emitter",
)
_SOURCE_MAP = re.compile(rb"^//# sourceMappingURL=.*\n?", re.MULTILINE)
_ICON = re.compile(r'<svg\b[^>]*\bviewBox="(?P<box>[^"]+)"[^>]*>(?P<shapes>.+)</svg>', re.DOTALL)


class AssetsMissing(Exception):
    """The build cannot go on; the message is one sentence for the operator."""


def build_assets(root: Path) -> list[Path]:
    """Write static/vendor from node_modules; a second call writes only what differs."""
    modules = root / "node_modules"
    if not modules.is_dir():
        raise AssetsMissing(f"There is no {modules}: run `npm ci` first.")
    vendor = root / "static" / "vendor"
    contents = {name: _SOURCE_MAP.sub(b"", _read(modules / source)) for name, source in _SCRIPTS.items()}
    contents |= {name: _read(modules / source) for name, source in _FONTS.items()}
    contents["icons.svg"] = _icon_sheet(modules / "lucide-static" / "icons")
    mark = _read(ROOT / "static" / "img" / "favicon.svg")
    contents["root/apple-touch-icon.png"] = icons.touch_icon(mark)
    contents["root/favicon.ico"] = icons.ico(mark)
    contents["LICENSES.txt"] = _licences(modules)
    return [_write(vendor / name, content) for name, content in sorted(contents.items())]


def _read(source: Path) -> bytes:
    if not source.is_file():
        raise AssetsMissing(f"{source} is missing: run `npm ci` again.")
    return source.read_bytes()


def _icon_sheet(folder: Path) -> bytes:
    symbols = []
    for name in ICONS:
        if not (folder / f"{name}.svg").is_file():
            raise AssetsMissing(
                f"There is no icon called “{name}”: take another name in events/core/ops/assets.py."
            )
        icon = _ICON.search((folder / f"{name}.svg").read_text())
        if icon is None:
            raise AssetsMissing(f"The icon “{name}” is not drawn as expected: run `npm ci` again.")
        # Stroke, width and colour come from the stylesheet, so one sprite serves every size and theme.
        shapes = "".join(line.strip() for line in icon["shapes"].splitlines())
        symbols.append(f'<symbol id="{name}" viewBox="{icon["box"]}">{shapes}</symbol>')
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>\n"]).encode()


def _licences(modules: Path) -> bytes:
    texts = [
        f"{package}\n{'=' * len(package)}\n\n{_read(modules / package / 'LICENSE').decode().strip()}\n"
        for package in _LICENSED
    ]
    return "\n\n".join(texts).encode()


def _write(target: Path, content: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_file() or target.read_bytes() != content:
        target.write_bytes(content)
    return target
