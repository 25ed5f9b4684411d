"""Plan of the simulated year: evenings, some cancelled or forgotten, and rounds in between; pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

How = Literal["held", "forgotten", "cancelled", "standalone"]
ZONE = "Europe/Amsterdam"
FIRST_DAY = date(2025, 11, 1)
EVENINGS = 16
DAYS = 365
TITLES = (
    "Personeel vinden en houden", "Prijzen zonder buikpijn", "Van offerte naar opdracht",
    "Wat AI je werk scheelt", "Cashflow in drie regels", "De eerste honderd dagen", "Samen inkopen",
    "Een bedrijf overdragen", "Klanten die terugkomen", "Minder vergaderen", "Duurzaam en winstgevend",
    "Contracten die je begrijpt",
)  # fmt: skip
# Of every eight, in the order of the calendar.
ORDER: tuple[How, ...] = (
    "held", "held", "forgotten", "standalone", "held", "held", "cancelled", "standalone",
)  # fmt: skip


@dataclass(frozen=True)
class Evening:
    """One evening at 20:00, or a round without one, which opens at 10:00."""

    number: int
    title: str
    how: How
    starts_at: datetime

    @property
    def slug(self) -> str:
        return f"jaarkring-avond-{self.number:02}"


def plan_evenings(count: int = EVENINGS, days: int = DAYS) -> list[Evening]:
    """On Tuesdays and Thursdays, evenly over the year, the first two weeks after its start."""
    apart = (days - 42) / max(1, count - 1)
    return [_evening(number, round(14 + number * apart)) for number in range(count)]


def _evening(number: int, after: int) -> Evening:
    how = ORDER[number % len(ORDER)]
    day = FIRST_DAY + timedelta(days=after)
    weekday = (1, 3)[number % 2]
    day += timedelta(days=(weekday - day.weekday()) % 7)
    hour = time(10) if how == "standalone" else time(20)
    title = "Koffie tussendoor" if how == "standalone" else TITLES[number % len(TITLES)]
    return Evening(number, title, how, datetime.combine(day, hour, ZoneInfo(ZONE)))
