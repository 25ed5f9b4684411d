"""WCAG 2 contrast of colours written as #rrggbb, and colours adjusted until text on them can be read."""

import re

TEXT_RATIO, SHAPE_RATIO = 4.5, 3.0  # of text; of bars, borders and signs
LIGHT_TEXT, DARK_TEXT = "#fffdf8", "#2b1c12"
HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 64


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable_pair(colour: str) -> tuple[str, str]:
    """(ground, text on it) with a ratio of at least TEXT_RATIO.

    The colour itself where light or dark text can be read on it; else it is darkened as little as needed.
    """
    for text in (LIGHT_TEXT, DARK_TEXT):
        if contrast(colour, text) >= TEXT_RATIO:
            return colour, text
    return darken_until(colour, LIGHT_TEXT, TEXT_RATIO), LIGHT_TEXT


def darken_until(colour: str, ground: str, ratio: float) -> str:
    """The colour, darkened in small steps until its contrast with `ground` reaches `ratio`, or black."""
    return _mix_until(colour, "#000000", ground, ratio)


def lighten_until(colour: str, ground: str, ratio: float) -> str:
    """The colour, lightened in small steps until its contrast with `ground` reaches `ratio`, or white."""
    return _mix_until(colour, "#ffffff", ground, ratio)


def _mix_until(colour: str, extreme: str, ground: str, ratio: float) -> str:
    for step in range(_STEPS + 1):
        pairs = zip(_channels(colour), _channels(extreme), strict=True)
        mixed = "#" + "".join(
            f"{(one * (_STEPS - step) + other * step) // _STEPS:02x}" for one, other in pairs
        )
        if contrast(mixed, ground) >= ratio:
            return mixed if step else colour
    return extreme


def _channels(colour: str) -> tuple[int, int, int]:
    if not HEX_COLOUR.fullmatch(colour):
        raise ValueError("a colour is written as #rrggbb")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
