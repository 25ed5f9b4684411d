"""Parser and formatter of the agenda."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.core.errors import Invalid
from events.livestreams.models import AgendaItem
from events.livestreams.rules.agenda import agenda_text, parse_agenda

EVENING = time(20)


@pytest.mark.parametrize(
    ("typed", "items"),
    [
        ("Welkom\nHet verhaal\nJullie vragen", [(0, "Welkom"), (20, "Het verhaal"), (40, "Jullie vragen")]),
        ("20:00 Welkom\n20:05 Het verhaal", [(0, "Welkom"), (5, "Het verhaal")]),
        ("20.00 Welkom\n20.05 - Het verhaal", [(0, "Welkom"), (5, "Het verhaal")]),
        ("0:00 Welkom\n0:20 Vragen\n0:55 Slot", [(0, "Welkom"), (20, "Vragen"), (55, "Slot")]),
        (
            "20 Vragen\n0 Welkom\n\n  50 Slotvraag: en nu?  ",
            [(0, "Welkom"), (20, "Vragen"), (50, "Slotvraag: en nu?")],
        ),
        ("Welkom\n3 tips van Chris\n20:40 Vragen", [(0, "Welkom"), (20, "3 tips van Chris"), (40, "Vragen")]),
        (
            "20:00 Welkom\nEerste\nTweede\n20:30 Vragen",
            [(0, "Welkom"), (10, "Eerste"), (20, "Tweede"), (30, "Vragen")],
        ),
        ("Alleen dit", [(0, "Alleen dit")]),
    ],
)
def test_agendas_are_parsed(typed: str, items: list[tuple[int, str]]) -> None:
    assert parse_agenda(typed, start=EVENING, length=60) == items


@pytest.mark.parametrize(
    ("start", "typed", "minute"),
    [(time(9), "9:20 Vragen", 20), (time(23, 30), "0:15 Vragen", 15), (time(23, 30), "23:50 Vragen", 20)],
)
def test_a_time_of_the_day_and_a_time_after_the_start_both_work(start: time, typed: str, minute: int) -> None:
    assert parse_agenda(typed, start=start, length=60) == [(minute, "Vragen")]


@given(st.lists(st.tuples(st.integers(0, 600), st.text("abc 1:", min_size=1, max_size=20)), max_size=6))
def test_a_formatted_agenda_parses_to_itself(items: list[tuple[int, str]]) -> None:
    items = sorted(((minute, f"x{title.strip()}") for minute, title in items), key=lambda item: item[0])
    rows = [AgendaItem(position=n, minute=minute, title=title) for n, (minute, title) in enumerate(items)]
    assert parse_agenda(agenda_text(rows), start=EVENING, length=600) == items


@pytest.mark.parametrize("typed", ["601 Te laat", "12:75 Nooit", "x" * 121, "0:05 " + "x" * 121, "x\n" * 41])
def test_an_invalid_agenda_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_agenda(typed, start=EVENING, length=60)
    assert refused.value.fields == [("agenda", "bad_agenda")]
