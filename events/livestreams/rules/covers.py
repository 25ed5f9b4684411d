"""Cover of Delft tiles, laid out deterministically from a livestream's title, and drawn as SVG.

Tiles have corner rosettes and a few an ornament; one pair shows two cups meeting.
"""

import hashlib
import itertools
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

TILE = 200
GROUT = "#ddd6c8"
GLAZES = ("#f9f6ee", "#f7f5ee", "#f3f2ec", "#f1f1ed")
MEETING = "#2a56a4"
ORNAMENT = "#7f9fd6"
ROSETTE = "#9db6e0"

# Motifs are SVG symbols, centred on a tile and reused.
_BLANK = (
    '<rect x="2.5" y="2.5" width="195" height="195" rx="5"/>'
    f'<g fill="{ROSETTE}"><path d="M24 0A24 24 0 0 1 0 24V0ZM176 0A24 24 0 0 0 200 24V0Z'
    'M24 200A24 24 0 0 0 0 176V200ZM176 200A24 24 0 0 1 200 176V200Z"/>'
    '<circle cx="31" cy="31" r="4.5"/><circle cx="169" cy="31" r="4.5"/>'
    '<circle cx="31" cy="169" r="4.5"/><circle cx="169" cy="169" r="4.5"/></g>'
)
_SINGLES = {
    "ring": f'<circle cx="100" cy="100" r="44" fill="none" stroke="{ORNAMENT}" stroke-width="9"/>',
    "dot": f'<circle cx="100" cy="100" r="13" fill="{ORNAMENT}"/>',
    "blossom": (
        f'<g fill="{ORNAMENT}"><circle cx="100" cy="100" r="8"/>'
        '<ellipse cx="132" cy="100" rx="20" ry="9"/><ellipse cx="68" cy="100" rx="20" ry="9"/>'
        '<ellipse cx="100" cy="132" rx="9" ry="20"/><ellipse cx="100" cy="68" rx="9" ry="20"/></g>'
    ),
}
# Two cups leaning towards each other, drawn across the edge of two tiles.
_LEANING = (
    f'<g fill="none" stroke="{ORNAMENT}" stroke-width="9">'
    '<path d="M152 50A50 50 0 0 0 152 150M152 78A22 22 0 0 0 152 122'
    'M248 50A50 50 0 0 1 248 150M248 78A22 22 0 0 1 248 122"/></g>'
)
_HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Wall:
    """The layout of a cover, in tiles. `height` and `top` crop it, in units of which a tile has TILE."""

    columns: int
    rows: int
    height: float
    glazes: tuple[str, ...]  # of the tiles, row by row
    ornaments: tuple[tuple[str, int, int], ...]  # (kind, column, row)
    meeting: tuple[int, int]  # (column, row) of the first of three tiles

    @property
    def top(self) -> float:
        return (self.rows * TILE - self.height) / 2


def lay_wall(title: str, *, columns: int = 7, rows: int = 4, ratio: float | None = None) -> Wall:
    """The wall of this title: 7 × 4 tiles for 16:9, or `columns=4` for a 16:10 thumbnail."""
    if columns < 3 or rows < 1:
        raise ValueError("a wall needs at least three columns and one row: two cups and what lies between")
    width = columns * TILE
    height = min(rows * TILE, width / (ratio or (16 / 10 if columns <= 4 else 16 / 9)))
    rows = math.ceil(height / TILE)
    draws = _draw(title)
    meeting = _place_meeting(columns, rows, draws)
    ornaments = _place_ornaments(columns, rows, meeting, draws)
    glazes = tuple(GLAZES[next(draws) % len(GLAZES)] for _tile in range(rows * columns))
    return Wall(columns, rows, height, glazes, tuple(ornaments), meeting)


def cover_svg(
    title: str, *, columns: int = 7, rows: int = 4, accent: str | None = None, ratio: float | None = None
) -> str:
    """Draw the wall of this title. `accent` is a circle's colour (`#rrggbb`), for the meeting cups only."""
    wall = lay_wall(title, columns=columns, rows=rows, ratio=ratio)
    if accent is not None and not _HEX_COLOUR.fullmatch(accent):
        raise ValueError("an accent is written as #rrggbb")
    places = itertools.product(range(wall.rows), range(columns))
    tiles = "".join(
        _use("tile", column, row, f' fill="{glaze}"')
        for (row, column), glaze in zip(places, wall.glazes, strict=True)
    )
    ornaments = "".join(_use(*ornament) for ornament in wall.ornaments)
    size = f"{columns * TILE} {wall.height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {wall.top:g} {size}" aria-hidden="true">'
        f"<defs>{_symbols(accent or MEETING)}</defs>"
        f'<rect width="{columns * TILE}" height="{wall.rows * TILE}" fill="{GROUT}"/>'
        f"{tiles}{ornaments}{_use('meeting', *wall.meeting)}"
        f'<path d="{_joints(columns, wall.rows)}" stroke="{GROUT}" stroke-width="4"/></svg>'
    )


def _draw(title: str) -> Iterator[int]:
    """Endless pseudo-random integers, the same on every machine and Python version."""
    words = " ".join(unicodedata.normalize("NFC", title).casefold().split())
    seed = words.encode("utf-8", "replace")
    for round_number in itertools.count():
        digest = hashlib.sha256(seed + round_number.to_bytes(4, "big")).digest()
        yield from (int.from_bytes(digest[at : at + 4], "big") for at in range(0, 32, 4))


def _place_meeting(columns: int, rows: int, draws: Iterator[int]) -> tuple[int, int]:
    """Position of the first cup, away from the edges if there is room, so cropping keeps it."""
    first, last = (1, columns - 4) if columns >= 5 else (0, columns - 3)
    upper, lower = (1, rows - 2) if rows >= 3 else (0, rows - 1)
    return first + next(draws) % (last - first + 1), upper + next(draws) % (lower - upper + 1)


def _place_ornaments(
    columns: int, rows: int, meeting: tuple[int, int], draws: Iterator[int]
) -> list[tuple[str, int, int]]:
    """Ornaments on about one free tile in three."""
    column, row = meeting
    taken = {(column + step, row) for step in range(3)}
    kinds = sorted([*_SINGLES, "leaning"], key=lambda _: next(draws))[:3]
    count = max(2, (columns * rows - 3) // 3)
    placed: list[tuple[str, int, int]] = []
    # A thumbnail has few free tiles: bound the number of tries.
    for _ in range(count * 4):
        if len(placed) >= count:
            break
        kind = kinds[next(draws) % len(kinds)]
        tile = (next(draws) % columns, next(draws) % rows)
        needed = {tile, (tile[0] + 1, tile[1])} if kind == "leaning" else {tile}
        if needed & taken or any(across >= columns for across, _ in needed):
            continue
        taken |= needed
        placed.append((kind, *tile))
    return placed


def _symbols(blue: str) -> str:
    cup = f'<circle r="56" fill="none" stroke="{blue}" stroke-width="13"/><circle r="37" fill="{blue}"/>'
    handle = f'<rect x="48" y="-8" width="36" height="16" rx="8" fill="{blue}"'
    meeting = (
        f'<g transform="translate(100 100)">{handle} transform="rotate(-135)"/>{cup}</g>'
        f'<rect x="258" y="90" width="84" height="20" rx="3" fill="{blue}"/>'
        f'<g transform="translate(500 100)">{handle} transform="rotate(45)"/>{cup}</g>'
    )
    drawn = {"tile": _BLANK, **_SINGLES, "leaning": _LEANING, "meeting": meeting}
    return "".join(
        f'<symbol id="wall-{name}" overflow="visible">{shape}</symbol>' for name, shape in drawn.items()
    )


def _use(name: str, column: int, row: int, more: str = "") -> str:
    return f'<use href="#wall-{name}" x="{column * TILE}" y="{row * TILE}"{more}/>'


def _joints(columns: int, rows: int) -> str:
    upright = "".join(f"M{at * TILE} 0V{rows * TILE}" for at in range(columns + 1))
    level = "".join(f"M0 {at * TILE}H{columns * TILE}" for at in range(rows + 1))
    return upright + level
