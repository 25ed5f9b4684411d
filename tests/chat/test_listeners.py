"""Removal of former members from rooms."""

from datetime import timedelta

from events.circles.signals import MembershipEnded
from events.core import clock
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.core.realtime import handlers, revocations
from events.livestreams.models import Livestream
from tests.support.cast import Cast
from tests.support.types import OpenSocket


def test_a_former_member_receives_no_more_entries(
    cast: Cast, live: Livestream, room: str, open_socket: OpenSocket
) -> None:
    bram, chris = open_socket(cast.bram), open_socket(cast.chris)
    for wire in (bram, chris):
        wire.send("chat.enter", room=room)
    with unit_of_work() as db:
        announce(db, MembershipEnded(cast.circle.id, cast.chris.id))
    revocations.apply_revocations(clock.now() - timedelta(seconds=2))

    bram.send("chat.post", room=room, client_id="client-0001", body="Zonder Chris")

    handlers.send_to_person(cast.chris.id, "fence", {"fence": True})
    assert chris.received() == [{"fence": True}]
    assert len(bram.received("chat.entries")) == 1
