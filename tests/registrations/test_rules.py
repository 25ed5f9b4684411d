"""Add-to-calendar links and open states."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from events.livestreams.models import STATES
from events.registrations.rules import google_link, is_open, outlook_link

START, END = datetime(2026, 12, 3, 19, tzinfo=UTC), datetime(2026, 12, 3, 20, tzinfo=UTC)
URL = "https://ontmoet.example/livestreams/a?b=c&d"


def test_calendar_links_carry_title_times_and_url() -> None:
    google = parse_qs(urlsplit(google_link("Koffie & co", START, END, URL)).query)
    assert google["text"] == ["Koffie & co"]
    assert google["dates"] == ["20261203T190000Z/20261203T200000Z"]
    assert google["location"] == [URL]
    outlook = parse_qs(urlsplit(outlook_link("Koffie & co", START, END, URL)).query)
    assert outlook["subject"] == ["Koffie & co"]
    assert (outlook["startdt"], outlook["enddt"]) == (["2026-12-03T19:00:00Z"], ["2026-12-03T20:00:00Z"])
    assert outlook["body"] == [URL]


@pytest.mark.parametrize("state", STATES)
def test_registration_is_open_until_the_end(state: str) -> None:
    assert is_open(state) == (state in {"announced", "lobby", "live", "paused"})
