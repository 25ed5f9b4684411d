"""The drawing of an evening: inside its box, and the same figures as its table."""

from datetime import UTC, datetime, timedelta

from events.insights.rules import drawing
from events.insights.rules.drawing import HEIGHT, WIDTH, Mark
from events.insights.rules.figures import Point, moments

EIGHT = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def points_of(*viewers: int) -> list[Point]:
    at = moments(EIGHT, EIGHT + HOUR, len(viewers))
    return [Point(moment, count) for moment, count in zip(at, viewers, strict=True)]


def test_the_path_stays_inside_its_box() -> None:
    assert drawing.path(points_of(1, 1, 1), 400, 130) == "M0 0 L200 0 L400 0"
    assert drawing.path([], 400, 130) == ""


def test_an_evening_that_nobody_watched_is_not_drawn() -> None:
    assert drawing.draw([], [], []) is None
    assert drawing.draw(points_of(0, 0, 0), [1, 0, 0], [Mark(EIGHT, "Welkom")]) is None


def test_agenda_and_chat_stand_in_the_curve_and_in_its_table() -> None:
    marks = [Mark(EIGHT, "Welkom"), Mark(EIGHT + HOUR / 2, "Vragen"), Mark(EIGHT + 2 * HOUR, "Later")]
    drawn = drawing.draw(points_of(4, 9, 2), [1, 6, 0], marks)
    assert drawn is not None
    assert [(mark.number, mark.x, mark.viewers) for mark in drawn.marks] == [
        (1, 0, 4), (2, WIDTH // 2, 9), (3, WIDTH, 2),
    ]  # fmt: skip
    assert (drawn.peak.viewers, drawn.peak_x) == (9, WIDTH // 2)
    assert drawn.busiest == drawn.rows[1]
    assert drawn.during == "Vragen"
    assert [(row.viewers, row.said, row.titles) for row in drawn.rows] == [
        (4, 1, ["Welkom"]), (9, 6, ["Vragen"]), (2, 0, ["Later"]),
    ]  # fmt: skip
    assert all(0 <= bar.y <= HEIGHT and bar.x + drawn.bar_width <= WIDTH for bar in drawn.bars)


def test_numbers_that_would_cover_each_other_are_left_to_the_list() -> None:
    marks = [Mark(EIGHT + timedelta(minutes=minute), "Deel") for minute in (0, 1, 10)]
    drawn = drawing.draw(points_of(1, 1, 1), [0, 0, 0], marks)
    assert drawn is not None
    assert [mark.shown for mark in drawn.marks] == [True, False, True]
    assert drawn.busiest is None
