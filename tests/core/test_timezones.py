"""Time zone names of calendar programs, and their offsets in winter and summer."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from events.core.calendar.ical_parser import Component
from events.core.calendar.timezones import Zones, iana, named

WINTER, SUMMER = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)


def offsets(name: str) -> tuple[float, float]:
    zone = iana(name) or named(name)
    assert zone is not None, name
    winter, summer = (moment.astimezone(zone).utcoffset() for moment in (WINTER, SUMMER))
    assert winter is not None
    assert summer is not None
    return winter / timedelta(hours=1), summer / timedelta(hours=1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Europe/Amsterdam", (1, 2)),
        ("europe/amsterdam", (1, 2)),
        (" Europe/Amsterdam ", (1, 2)),
        ('"Europe/Amsterdam"', (1, 2)),
        ("/Europe/Amsterdam", (1, 2)),
        ("America/New_york", (-5, -4)),
        ("America/New York", (-5, -4)),
        ("AMERICA/ARGENTINA/BUENOS_AIRES", (-3, -3)),
        ("/mozilla.org/20050126_1/Europe/Berlin", (1, 2)),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Amsterdam", (1, 2)),
        ("/citadel.org/20210210_1/America/Los_Angeles", (-8, -7)),
        ("tzone://Microsoft/Utc", (0, 0)),
        ("UTC", (0, 0)),
        ("utc", (0, 0)),
        ("GMT", (0, 0)),
        ("Z", (0, 0)),
        ("Etc/GMT+5", (-5, -5)),
        ("W. Europe Standard Time", (1, 2)),
        ("w. europe standard time", (1, 2)),
        ("W. Europe Standard Time 1", (1, 2)),
        ("Romance Standard Time", (1, 2)),
        ("Romance Daylight Time", (1, 2)),
        ("GMT Standard Time", (0, 1)),
        ("Eastern Standard Time", (-5, -4)),
        ("Eastern Daylight Time", (-5, -4)),
        ("India Standard Time", (5.5, 5.5)),
        ("(UTC-05:00) Eastern Time (US & Canada)", (-5, -4)),
        ("(GMT-05.00) Eastern Time (US & Canada)", (-5, -4)),
        ("(GMT-05:00) Eastern Time (US &amp; Canada)", (-5, -4)),
        ("Eastern Time (US & Canada)", (-5, -4)),
        ("(UTC-06:00) Central Time (US & Canada)", (-6, -5)),
        ("(UTC-07:00) Mountain Time (US & Canada)", (-7, -6)),
        ("(UTC-08:00) Pacific Time (US & Canada)", (-8, -7)),
        ("(UTC-07:00) Arizona", (-7, -7)),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", (1, 2)),
        ("(UTC+01:00) Amsterdam, Berlijn, Bern, Rome, Stockholm, Wenen", (1, 2)),
        ("(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna", (1, 2)),
        ("(UTC+01:00) Brussels, Copenhagen, Madrid, Paris", (1, 2)),
        ("(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb", (1, 2)),
        ("(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius", (2, 3)),
        ("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", (0, 1)),
        ("Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London", (0, 1)),
        ("(UTC) Coordinated Universal Time", (0, 0)),
        ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", (5.5, 5.5)),
        ("(UTC-03:00) Brasilia", (-3, -3)),
        ("(UTC-03:30) Newfoundland", (-3.5, -2.5)),
        ("(UTC+10:00) Canberra, Melbourne, Sydney", (11, 10)),
        ("(UTC+12:00) Auckland, Wellington", (13, 12)),
        ("(UTC+09:00) Osaka, Sapporo, Tokyo", (9, 9)),
        ("(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi", (8, 8)),
        ("(UTC+03:00) Nowhere that anybody knows", (3, 3)),
        ("Central European Time", (1, 2)),
        ("Central European Standard Time", (1, 2)),
        ("West-Europa (standaardtijd)", (1, 2)),
        ("Mitteleuropäische Zeit", (1, 2)),
        ("CEST", (1, 2)),
        ("CET", (1, 2)),
        ("PDT", (-8, -7)),
        ("Amsterdam", (1, 2)),
        ("GMT+0100", (1, 1)),
        ("GMT -0500", (-5, -5)),
        ("UTC+2", (2, 2)),
        ("+05:30", (5.5, 5.5)),
    ],
)
def test_a_zone_is_known_by_the_name_that_a_program_gives_it(
    name: str, expected: tuple[float, float]
) -> None:
    assert offsets(name) == expected


@pytest.mark.parametrize(
    "name", ["", "Customized Time Zone", "Mars/Olympus", "tzone://Microsoft/Custom", "1"]
)
def test_a_name_that_means_nothing_is_the_owners_own_clock(name: str) -> None:
    owner = ZoneInfo("Europe/Amsterdam")
    zones = Zones(Component("VCALENDAR"), owner)
    assert (iana(name) or named(name)) is None
    assert zones.find(name) in {None, owner}
