"""Fixture of polls: a live livestream."""

import pytest

from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast


@pytest.fixture
def live(cast: Cast) -> Livestream:
    """A members-only livestream, live, hosted by Anna."""
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, state="live")
