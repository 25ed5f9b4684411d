"""Public holidays of a country, and the country of a time zone."""

from datetime import date, timedelta

import pytest

from events.core.calendar.public_holidays import (
    COUNTRIES,
    country_choices,
    country_of_zone,
    public_holidays,
)


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)]
)
def test_easter_falls_on_its_known_dates(year: int, month: int, day: int) -> None:
    easter = date(year, month, day)
    # Good Friday, both days of Easter, Ascension, both days of Whitsun.
    assert {easter + timedelta(days=gap) for gap in (-2, 0, 1, 39, 49, 50)} <= public_holidays("NL", year)


def test_the_dutch_holidays_of_2026_and_the_kings_day_that_moves() -> None:
    assert public_holidays("NL", 2026) == {
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 5),
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),
        date(2026, 5, 14),
        date(2026, 5, 24),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    }
    assert date(2025, 4, 26) in public_holidays("NL", 2025)
    assert date(2025, 4, 27) not in public_holidays("NL", 2025)


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("BE", date(2026, 7, 21)),
        ("DE", date(2026, 10, 3)),
        ("FR", date(2026, 7, 14)),
        ("GB", date(2026, 5, 4)),
        ("US", date(2026, 11, 26)),
        ("CW", date(2026, 7, 2)),
    ],
)
def test_other_countries_have_their_own_holidays(country: str, day: date) -> None:
    assert day in public_holidays(country, day.year)
    assert day not in public_holidays("NL", day.year)


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Amsterdam", "NL"),
        ("Europe/Brussels", "BE"),
        ("America/New_York", "US"),
        ("Asia/Calcutta", "IN"),
        ("Asia/Kolkata", "IN"),
        ("UTC", "NL"),
        ("Etc/GMT+3", "NL"),
        ("no zone", "NL"),
    ],
)
def test_a_time_zone_has_a_country(zone: str, country: str) -> None:
    assert country_of_zone(zone) == country


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_every_country_has_a_name_and_known_holidays(locale: str) -> None:
    choices = country_choices(locale)
    assert {code for code, _name in choices} == COUNTRIES
    assert len({name for _code, name in choices}) == len(COUNTRIES)
    # Ukraine has none under martial law, and three territories have no inhabitants.
    assert {code for code in COUNTRIES if not public_holidays(code, 2026)} <= {"UA", "BV", "HM", "IO"}


def test_countries_are_sorted_by_name_without_accents() -> None:
    names = [name for _code, name in country_choices("nl")]
    assert names.index("Åland") < names.index("Albanië") < names.index("België") < names.index("Réunion")
