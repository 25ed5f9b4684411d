"""Frames of the demo film: two people at their tables, talking in turns. Drawn with Pillow, without a font.

Heads, hands and cups are drawn once per pose, larger than shown, and pasted: a frame takes some milliseconds.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw

WIDTH, HEIGHT, RATE = 640, 360, 10  # pixels, pixels, frames a second
CARD_SECONDS = 2.0  # title card, at the beginning and at the end
_SCALE = 4  # drawn larger, then reduced: smooth edges
_PAPER, _INK, _BLUE = "#faf5ea", "#2b1c12", "#1f4b99"
_CREAM, _COFFEE, _NIGHT = "#efe4d1", "#5a4636", "#1c1410"
_TABLE = 306  # pixels from the top
_HEAD = (130, 150)  # pixels of a head's picture
_MOUTHS = (0, 1, 2, 1, 0, 1, 2, 2, 1, 0, 0, 1, 2, 1, 1, 0)  # shapes while talking, by frame
_TURNS = (5.5, 4.0, 6.5, 3.5)  # seconds that each talks, in turns; left begins


@dataclass(frozen=True)
class _Person:
    centre: int  # of the picture, in pixels
    wall: str
    window: str
    table: str
    skin: str
    shade: str
    hair: str
    clothes: str
    long_hair: bool


_LEFT = _Person(170, "#6d5443", "#8d6f59", "#a67d55", "#e3bd93", "#c9a27a", "#3a2418", _BLUE, long_hair=True)
_RIGHT = _Person(480, "#47566d", "#61738f", "#7c8aa3", "#b98d63", "#9c7450", _INK, _CREAM, long_hair=False)


def frames(seconds: int) -> Iterator[bytes]:
    """RGB pixels of each frame."""
    card = _title_card().tobytes()
    room = _room()
    for number in range(seconds * RATE):
        at = number / RATE
        if at < CARD_SECONDS or at >= seconds - CARD_SECONDS:
            yield card
            continue
        frame = room.copy()
        speaks = _speaker(at)
        for person in (_LEFT, _RIGHT):
            _paste(frame, person, number, talks=person is speaks)
        yield frame.tobytes()


def _speaker(at: float) -> _Person:
    rest = at % sum(_TURNS)
    turn = 0
    while rest >= _TURNS[turn]:
        rest -= _TURNS[turn]
        turn += 1
    return (_LEFT, _RIGHT)[turn % 2]


def _paste(frame: Image.Image, person: _Person, number: int, *, talks: bool) -> None:
    phase = number + (0 if person is _LEFT else 17)
    mouth = _MOUTHS[phase % len(_MOUTHS)] if talks else 0
    blinks = phase % 37 in (0, 1)
    # Who talks sways a little, who listens nods now and then.
    sway = math.sin(phase / 7) * (3 if talks else 1)
    nod = abs(math.sin(phase / 3)) * 4 if not talks and phase % 60 < 19 else math.sin(phase / 5) * 1.5
    tilt = round(math.sin(phase / 9) * 2)
    head = _head(person, mouth, tilt, blinks=blinks)
    frame.paste(head, (person.centre - _HEAD[0] // 2 + round(sway), 98 + round(nod)), head)
    cup = _cup(phase // 4 % 3)
    side = 1 if person is _LEFT else -1
    frame.paste(cup, (person.centre + side * 92 - cup.width // 2, 252), cup)
    if talks:
        top = 248 - round(10 * math.sin(phase / 3.5))
        hand = _hand(person)
        hand = hand.crop((0, 0, hand.width, min(hand.height, _TABLE - top)))  # the rest is under the table
        frame.paste(hand, (person.centre - side * 78 - hand.width // 2, top), hand)


@cache
def _room() -> Image.Image:
    """Both halves with all that does not move."""
    room, draw = _canvas(WIDTH, HEIGHT, _NIGHT)
    for person, left, right in ((_LEFT, 0, 318), (_RIGHT, 322, 640)):
        draw.rectangle(_scaled(left, 0, right, HEIGHT), fill=person.wall)
        pane = 26 if person is _LEFT else 540
        for x in (pane, pane + 40):
            draw.rectangle(_scaled(x, 48, x + 36, 158), fill=person.window)
        shelf = 230 if person is _LEFT else 340
        draw.rectangle(_scaled(shelf, 112, shelf + 74, 117), fill=person.window)
        for place, height in enumerate((34, 26, 38, 30)):
            book = shelf + 8 + place * 13
            draw.rectangle(_scaled(book, 112 - height, book + 9, 112), fill=(person.table, _CREAM)[place % 2])
        _draw_body(draw, person)
        draw.rectangle(_scaled(left, _TABLE, right, HEIGHT), fill=person.table)
    return _reduced(room, WIDTH, HEIGHT)


def _draw_body(draw: ImageDraw.ImageDraw, person: _Person) -> None:
    x = person.centre
    if person.long_hair:
        draw.rounded_rectangle(_scaled(x - 56, 150, x + 56, 262), 36 * _SCALE, fill=person.hair)
    draw.rounded_rectangle(_scaled(x - 88, 238, x + 88, 400), 66 * _SCALE, fill=person.clothes)
    draw.rounded_rectangle(_scaled(x - 20, 205, x + 20, 258), 18 * _SCALE, fill=person.shade)
    draw.pieslice(_scaled(x - 34, 220, x + 34, 272), 0, 180, fill=person.shade)
    if not person.long_hair:  # a collar
        draw.polygon(_scaled(x - 36, 240, x - 6, 276, x - 24, 286, x - 52, 248), fill="#d9c8ab")
        draw.polygon(_scaled(x + 36, 240, x + 6, 276, x + 24, 286, x + 52, 248), fill="#d9c8ab")


@cache
def _head(person: _Person, mouth: int, tilt: int, *, blinks: bool) -> Image.Image:
    width, height = _HEAD
    head, draw = _canvas(width, height)
    x, top = width // 2, 12
    if person.long_hair:
        draw.ellipse(_scaled(x - 57, top - 8, x + 57, top + 112), fill=person.hair)
    else:
        for side in (-1, 1):  # ears
            draw.ellipse(
                _scaled(x + side * 47 - 10, top + 52, x + side * 47 + 10, top + 80), fill=person.shade
            )
    draw.rounded_rectangle(_scaled(x - 47, top, x + 47, top + 124), 46 * _SCALE, fill=person.skin)
    if person.long_hair:
        draw.pieslice(_scaled(x - 56, top - 12, x + 60, top + 76), 172, 330, fill=person.hair)
        draw.ellipse(_scaled(x - 55, top + 10, x - 33, top + 108), fill=person.hair)
        draw.ellipse(_scaled(x + 35, top + 6, x + 55, top + 108), fill=person.hair)
    else:
        draw.pieslice(_scaled(x - 50, top - 12, x + 50, top + 84), 184, 356, fill=person.hair)
    _draw_face(draw, person, x, top, mouth, blinks=blinks)
    turned = head.rotate(tilt, Image.Resampling.BICUBIC, center=(x * _SCALE, height * _SCALE))
    return _reduced(turned, width, height)


def _draw_face(
    draw: ImageDraw.ImageDraw, person: _Person, x: int, top: int, mouth: int, *, blinks: bool
) -> None:
    for side in (-1, 1):
        eye = x + side * 20
        draw.arc(_scaled(eye - 11, top + 38, eye + 11, top + 54), 205, 335, person.hair, 3 * _SCALE)
        if blinks:
            draw.line(_scaled(eye - 6, top + 59, eye + 6, top + 59), _INK, 2 * _SCALE)
        else:
            draw.ellipse(_scaled(eye - 4, top + 53, eye + 4, top + 64), fill=_INK)
        if not person.long_hair:  # glasses
            draw.ellipse(_scaled(eye - 15, top + 45, eye + 15, top + 73), outline=_INK, width=2 * _SCALE)
    if not person.long_hair:
        draw.line(_scaled(x - 5, top + 58, x + 5, top + 58), _INK, 2 * _SCALE)
    draw.arc(_scaled(x - 8, top + 64, x + 8, top + 84), 30, 150, person.shade, 3 * _SCALE)
    if mouth == 0:
        draw.arc(_scaled(x - 17, top + 78, x + 17, top + 104), 30, 150, "#7a3b2e", 3 * _SCALE)
    else:
        open_by = 6 if mouth == 1 else 12
        box = _scaled(x - 13, top + 99 - open_by, x + 13, top + 99 + open_by // 2)
        draw.rounded_rectangle(box, min(6, open_by) * _SCALE, fill="#6b2a22")
        if mouth == 2:
            draw.rectangle(_scaled(x - 8, top + 88, x + 8, top + 91), fill=_PAPER)


@cache
def _hand(person: _Person) -> Image.Image:
    hand, draw = _canvas(56, 110)
    draw.rounded_rectangle(_scaled(12, 44, 44, 130), 14 * _SCALE, fill=person.clothes)
    draw.rounded_rectangle(_scaled(13, 16, 43, 54), 14 * _SCALE, fill=person.skin)
    for finger, tip in enumerate((9, 5, 4, 8)):
        left = 13 + finger * 7.6
        draw.rounded_rectangle(_scaled(left, tip, left + 7.2, 36), 3.6 * _SCALE, fill=person.skin)
    draw.rounded_rectangle(_scaled(5, 26, 20, 34), 4 * _SCALE, fill=person.skin)  # the thumb
    return _reduced(hand, 56, 110)


@cache
def _cup(steam: int) -> Image.Image:
    cup, draw = _canvas(64, 70)
    for place in (22, 34):
        points = [(place + math.sin(y / 4 + steam * 2.1 + place) * 2.5, y) for y in range(4, 22, 2)]
        draw.line(_scaled(*(value for point in points for value in point)), (255, 253, 248, 110), 2 * _SCALE)
    draw.ellipse(_scaled(40, 32, 60, 54), outline=_PAPER, width=4 * _SCALE)
    draw.rounded_rectangle(_scaled(8, 24, 48, 62), 11 * _SCALE, fill=_PAPER)
    draw.rectangle(_scaled(8, 24, 48, 38), fill=_PAPER)
    draw.rectangle(_scaled(12, 27, 44, 31), fill=_COFFEE)
    return _reduced(cup, 64, 70)


def _title_card() -> Image.Image:
    """Two cups and the dash between them, on tiles."""
    card, draw = _canvas(WIDTH, HEIGHT, "#f7f5ee")
    for place in range(0, WIDTH + 1, 80):
        draw.line(_scaled(place, 0, place, HEIGHT), "#ddd6c8", 2 * _SCALE)
        for row in range(20, HEIGHT, 80):
            draw.ellipse(_scaled(place - 9, row - 9, place + 9, row + 9), fill="#9db6e0")
    for row in range(20, HEIGHT, 80):
        draw.line(_scaled(0, row, WIDTH, row), "#ddd6c8", 2 * _SCALE)
    for x in (200, 440):
        draw.ellipse(_scaled(x - 44, 136, x + 44, 224), fill="#f7f5ee", outline="#2a56a4", width=10 * _SCALE)
        draw.ellipse(_scaled(x - 28, 152, x + 28, 208), fill="#2a56a4")
    draw.rounded_rectangle(_scaled(286, 172, 354, 188), 3 * _SCALE, fill="#2a56a4")
    return _reduced(card, WIDTH, HEIGHT)


def _canvas(width: int, height: int, ground: str | None = None) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """RGB on a ground, else transparent."""
    size = width * _SCALE, height * _SCALE
    picture = Image.new("RGB", size, ground) if ground else Image.new("RGBA", size, (0, 0, 0, 0))
    return picture, ImageDraw.Draw(picture)


def _reduced(picture: Image.Image, width: int, height: int) -> Image.Image:
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _scaled(*places: float) -> list[float]:
    return [place * _SCALE for place in places]
