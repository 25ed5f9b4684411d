"""Who leaves the circle leaves its rooms."""

from collections.abc import Callable
from datetime import timedelta

from events.circles.signals import MembershipEnded
from events.core import background, clock, realtime
from events.core.bus import announce
from events.core.db import unit_of_work
from events.livestreams.models import Livestream
from tests.cast import Cast
from tests.doors import Wire


def test_who_is_no_longer_a_member_hears_no_more(
    cast: Cast, live: Livestream, room: str, wire: Callable[..., Wire]
) -> None:
    bram, chris = wire(cast.bram), wire(cast.chris)
    for one in (bram, chris):
        one.send("chat.enter", room=room)
    with unit_of_work() as db:
        announce(db, MembershipEnded(cast.circle.id, cast.chris.id))
    background.act_on_ended_rights(clock.now() - timedelta(seconds=2))

    bram.send("chat.post", room=room, client_id="client-0001", body="Zonder Chris")

    realtime.send_to_person(cast.chris.id, "fence", {"fence": True})
    assert chris.received() == [{"fence": True}]
    assert len(bram.received("chat.entries")) == 1
