"""Bulk loading of actors for many sockets."""

from datetime import timedelta

from events.accounts.queries.actors import load_actor, load_actors
from events.core import clock
from events.core.auth.actor import VISITOR
from events.core.db.session import unit_of_work
from tests.factories.accounts import make_key, make_sign_in
from tests.support.cast import Cast


def test_bulk_loading_gives_the_same_actors_as_single_loading(cast: Cast) -> None:
    with unit_of_work() as db:
        bram, chris, ended, old = (
            make_sign_in(db, person) for person in (cast.bram, cast.chris, cast.dana, cast.olga)
        )
        ended.ended_at = clock.now()
        old.expires_at = clock.now() - timedelta(seconds=1)
        key = make_key(db, cast.dana, "livestream", "0" * 26)
        db.flush()
        asked = {
            (bram.id, ()), (chris.id, (key.id,)), (ended.id, ()), (old.id, ()), ("unknown", ()),
            (None, ()), (None, (key.id,)), (ended.id, (key.id,)),
        }  # fmt: skip
        found = load_actors(db, asked)
        assert found == {
            credentials: load_actor(db, *credentials) if any(credentials) else VISITOR
            for credentials in asked
        }
        assert found[bram.id, ()].person_id == cast.bram.id
        assert found[ended.id, ()] == found[old.id, ()] == VISITOR
