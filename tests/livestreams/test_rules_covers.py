"""Generated SVG covers: deterministic, safe, with one meeting of two cups."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.livestreams.rules.covers import cover_svg

SVG = "{http://www.w3.org/2000/svg}"
TITLE = "Offertes die een ja krijgen"


def test_covers_are_deterministic() -> None:
    assert cover_svg(TITLE) == cover_svg(TITLE)
    assert cover_svg(TITLE) == cover_svg("  offertes die een JA   krijgen ")


def test_another_title_gives_another_cover() -> None:
    walls = {cover_svg(f"Avond {number}") for number in range(40)}
    assert len(walls) == 40


def test_the_wall_of_a_cover_is_seven_by_four_and_the_thumbnail_four_wide() -> None:
    assert _count(cover_svg(TITLE), "tile") == 28
    assert 'viewBox="0 6.25 1400 787.5"' in cover_svg(TITLE)
    assert _count(cover_svg(TITLE, columns=4), "tile") == 12
    assert 'viewBox="0 50 800 500"' in cover_svg(TITLE, columns=4)


@given(title=st.text(max_size=200), columns=st.integers(3, 12), rows=st.integers(1, 8))
def test_every_wall_is_small_safe_and_holds_one_whole_meeting(title: str, columns: int, rows: int) -> None:
    svg = cover_svg(title, columns=columns, rows=rows)
    wall = _read(svg)
    assert len(svg.encode()) < 12_000
    assert {element.tag for element in wall.iter()} <= {
        SVG + name for name in ("svg", "defs", "symbol", "g", "rect", "circle", "ellipse", "path", "use")
    }
    assert all(use.attrib["href"].startswith("#wall-") for use in wall.iter(SVG + "use"))
    (meeting,) = [use for use in wall.iter(SVG + "use") if use.attrib["href"] == "#wall-meeting"]
    left, top, width, height = (float(number) for number in wall.attrib["viewBox"].split())
    assert left <= float(meeting.attrib["x"]) <= width - 600
    # The cups fill the middle 140 units of a tile, which must stay visible.
    assert top <= float(meeting.attrib["y"]) + 30
    assert float(meeting.attrib["y"]) + 170 <= top + height


@given(title=st.text(max_size=60))
def test_no_ornament_covers_the_meeting_or_another_ornament(title: str) -> None:
    wall = _read(cover_svg(title))
    wide = {"#wall-meeting": 3, "#wall-leaning": 2}
    tiles = [
        (int(use.attrib["x"]) // 200 + step, int(use.attrib["y"]) // 200)
        for use in wall.iter(SVG + "use")
        if use.attrib["href"] != "#wall-tile"
        for step in range(wide.get(use.attrib["href"], 1))
    ]
    assert len(tiles) == len(set(tiles))
    assert all(0 <= column < 7 and 0 <= row < 4 for column, row in tiles)


def test_a_circles_colour_tints_the_meeting_only() -> None:
    plain, tinted = cover_svg(TITLE), cover_svg(TITLE, accent="#7a1f4b")
    assert plain.replace("#2a56a4", "#7a1f4b") == tinted


@pytest.mark.parametrize("accent", ["red", "#12345", '#123456"/><script>', "#123456\n", ""])
def test_an_accent_that_is_no_colour_is_refused(accent: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        cover_svg(TITLE, accent=accent)


@pytest.mark.parametrize(("columns", "rows"), [(2, 4), (7, 0)])
def test_a_wall_too_small_for_a_meeting_is_refused(columns: int, rows: int) -> None:
    with pytest.raises(ValueError, match="two cups"):
        cover_svg(TITLE, columns=columns, rows=rows)


def _read(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 (drawn by ourselves, a line above)


def _count(svg: str, motif: str) -> int:
    return len(re.findall(f'href="#wall-{motif}"', svg))
