"""Colours of circles: text on any of them can be read, and no more is changed than needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.circles.rules import COLOURS, COVER_GLAZE, MAIL_SHEETS, cover_accent, mail_colours, tile_colours
from events.core.media.contrast import SHAPE_RATIO, TEXT_RATIO, contrast, darken_until

ANY_COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_the_ratio_is_that_of_the_recommendation() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#1f4b99", "#1f4b99") == 1


@given(ANY_COLOUR)
def test_a_letter_on_any_colour_can_be_read(colour: str) -> None:
    ground, letter = tile_colours(colour)
    assert contrast(ground, letter) >= TEXT_RATIO


@given(ANY_COLOUR)
def test_the_cups_of_a_cover_stand_out_in_any_colour(colour: str) -> None:
    assert contrast(cover_accent(colour) or "", COVER_GLAZE) >= TEXT_RATIO


@given(ANY_COLOUR)
def test_in_a_mail_the_name_can_be_read_and_the_bar_shows_on_a_light_and_a_dark_sheet(colour: str) -> None:
    found, (light, dark) = mail_colours(colour), MAIL_SHEETS
    assert contrast(found.ground, found.text) >= TEXT_RATIO
    assert contrast(found.bar, light) >= SHAPE_RATIO
    assert contrast(found.bar_in_dark, dark) >= SHAPE_RATIO


@pytest.mark.parametrize("colour", [*COLOURS, "#000000", "#ffffff", "#ffe000", "#00c2ff"])
def test_a_colour_that_can_be_read_on_stays_as_it_is(colour: str) -> None:
    assert tile_colours(colour)[0] == colour


def test_a_middling_colour_is_darkened_a_little() -> None:
    ground, letter = tile_colours("#e0552b")
    assert (ground, letter) != ("#e0552b", "#fffdf8")
    assert contrast(ground, "#e0552b") < 1.4


def test_white_on_white_ends_at_a_grey_and_what_is_no_colour_is_refused() -> None:
    assert contrast(darken_until("#ffffff", "#ffffff", 4.5), "#ffffff") == pytest.approx(4.5, abs=0.25)
    with pytest.raises(ValueError, match="#rrggbb"):
        contrast("red", "#ffffff")
