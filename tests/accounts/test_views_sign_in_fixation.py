"""Session fixation: the session cookie starts anew at the sign-in."""

from events.core.auth import crypto
from events.core.db.session import unit_of_work
from tests.factories.accounts import make_key
from tests.support.cast import Cast
from tests.support.types import OpenPage


def test_a_session_planted_before_the_sign_in_gains_nothing(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "sign_in")
    from_mail = f"/k/{crypto.derive(key.purpose, key.id, key.nonce)}"
    victim = page(None)
    victim.post("/theme", theme="dark")
    before = victim.client.get_cookie("ontmoet")
    assert before is not None
    with victim.client.session_transaction() as session:
        session["circle"], token = "planted", session["csrf_token"]
    assert victim.post(from_mail).status_code == 303
    assert victim.get("/me").status_code == 200
    with victim.client.session_transaction() as session:
        assert session.get("circle") != "planted"
        assert session.get("csrf_token") != token
    planted = page(None)
    planted.client.set_cookie("ontmoet", before.value)
    assert planted.get("/me").status_code == 303
