"""Video times, chapters, summaries, alignment and plausible lengths."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.core.errors import Invalid
from events.core.text.markup import clock_text
from events.recordings import rules

LIVE = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0:00", 0),
        ("5:10", 310),
        ("05:10", 310),
        ("75:00", 4500),
        ("1:15:00", 4500),
        ("-2:00", -120),
        ("−0:30", -30),
    ],
)
def test_video_times_are_parsed_as_people_write_them(text: str, seconds: int) -> None:
    assert rules.parse_clock(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", "5", "5:7", "5:60", "1:75:00", "25:00:00", "a:bc", "5:10:", "--5:10", "５:10", "5:10\n6:00", "1e3"],
)
def test_invalid_video_times_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        rules.parse_clock(text)


@given(st.integers(-rules.MAX_DURATION_SECONDS, rules.MAX_DURATION_SECONDS))
def test_a_formatted_video_time_parses_to_itself(seconds: int) -> None:
    assert rules.parse_clock(clock_text(seconds)) == seconds


def test_chapters_are_sorted_with_one_per_second() -> None:
    text = "19:30 Six offers\n\n0:00 Welcome\n 4:10 – Who stayed \n0:00 Twice"
    assert rules.parse_chapters(text) == [(0, "Welcome"), (250, "Who stayed"), (1170, "Six offers")]


@pytest.mark.parametrize(
    "text", ["Welcome", "0:00", "0:00 ", "0:61 Too far", "-1:00 Before", "0:00Welcome", f"0:00 {'x' * 121}"]
)
def test_an_invalid_chapter_line_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.parse_chapters(text)
    assert refused.value.fields == [("chapters", "bad_chapters")]


def test_too_many_chapters_are_refused() -> None:
    with pytest.raises(Invalid):
        rules.parse_chapters("\n".join(f"{minute}:00 Part" for minute in range(61)))


def test_a_summary_is_three_lines_without_bullets() -> None:
    assert rules.parse_summary("- Say the price\n\n2. Call back\n* Stop\n") == [
        "Say the price",
        "Call back",
        "Stop",
    ]


@pytest.mark.parametrize("text", ["a\nb\nc\nd", "x" * 181])
def test_a_long_summary_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        rules.parse_summary(text)


@given(st.integers(-7200, 7200), st.integers(0, 7200))
def test_a_message_is_aligned_to_its_second_of_the_video(offset: int, after: int) -> None:
    zero_at = rules.zero_at_of(LIVE, offset)
    assert rules.offset_of(LIVE, zero_at) == offset
    assert rules.second_of(LIVE + timedelta(seconds=after), zero_at) == max(0, offset + after)


@pytest.mark.parametrize(("second", "length", "done"), [(94, 100, False), (95, 100, True), (50, None, False)])
def test_a_recording_is_finished_near_its_end(second: int, length: int | None, done: bool) -> None:
    assert rules.is_finished(second, length) is done


@pytest.mark.parametrize(
    ("length", "lasted", "plausible"),
    [(3600, 3600, True), (900, 3600, True), (899, 3600, False), (7201, 3600, False), (60, None, True),
     (59, None, False), (36_001, None, False)],
)  # fmt: skip
def test_the_length_of_a_recording_must_be_plausible(
    length: int, lasted: int | None, plausible: bool
) -> None:
    assert rules.is_plausible(length, lasted) is plausible
